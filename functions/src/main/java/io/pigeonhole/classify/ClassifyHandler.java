package io.pigeonhole.classify;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/** The function {@code classify}: the API, behind an HTTP API of API Gateway. */
@Singleton
@Named("classify")
public final class ClassifyHandler
    implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> {
  private static final Logger LOG = Logger.getLogger(ClassifyHandler.class);

  private final Router router;

  ClassifyHandler(Router router) {
    this.router = router;
  }

  @Override
  public APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent event, Context context) {
    Answer answer = answer(event, context.getAwsRequestId());
    return APIGatewayV2HTTPResponse.builder()
        .withStatusCode(answer.status())
        .withHeaders(answer.headers())
        .withBody(answer.body())
        .withIsBase64Encoded(false)
        .build();
  }

  private Answer answer(APIGatewayV2HTTPEvent event, String requestId) {
    try {
      return router.answer(Request.of(event));
    } catch (ProblemException e) {
      LOG.infof(
          "answered %d: %s (request %s)", e.problem().status(), e.problem().detail(), requestId);
      return Answer.of(e.problem());
    } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
      LOG.errorf(e, "request %s failed", requestId);
      return Answer.of(Problem.internal(requestId));
    }
  }
}
