package io.pigeonhole.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.jboss.logging.Logger;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Answers requests: finds the operation, and adds what holds for all of them. Never throws:
 * whatever goes wrong is a problem.
 */
public final class Api {
  private static final Logger LOG = Logger.getLogger(Api.class);

  /** API Gateway's own limit. */
  public static final int MAX_BODY_BYTES = 10 << 20;

  private static final String NOTHING_MAY_RUN =
      "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox";

  private final Router router;
  private final Origins origins;

  public Api(List<Operation> operations, Origins origins, Access access) {
    this.router = new Router(operations, access);
    this.origins = origins;
  }

  /**
   * Answers an event of API Gateway, a function URL or a load balancer.
   *
   * @param requestId names the request in the log
   * @return what was written
   * @throws IOException if the event is no JSON, or the answer cannot be written
   */
  public Answer answer(InputStream in, OutputStream out, String requestId) throws IOException {
    JsonNode event = Answer.JSON.readTree(in);
    Answer answer;
    try {
      answer = answer(Payload.read(event), requestId);
    } catch (ProblemException e) {
      answer = Answer.of(e.problem());
    }
    Answer.JSON.writeValue(out, Payload.write(answer, event));
    return answer;
  }

  /**
   * Answers. To HEAD it answers as to GET: the gateway tells the length of the body and leaves it
   * away.
   *
   * @param requestId names the request in the log
   */
  public Answer answer(Request request, String requestId) {
    Answer answer = Validators.apply(found(request, requestId), request);
    if (answer.header("ETag").filter(etag -> !etag.startsWith("W/")).isEmpty()) {
      answer = Compression.apply(answer, request);
    }
    answer =
        answer
            .byDefault("Cache-Control", "private, no-cache")
            .byDefault("Content-Security-Policy", NOTHING_MAY_RUN)
            .with("X-Content-Type-Options", "nosniff")
            .with("Referrer-Policy", "no-referrer");
    return origins.share(answer, request);
  }

  private Answer found(Request request, String requestId) {
    try {
      return routed(request);
    } catch (ProblemException e) {
      return problem(e.problem(), requestId);
    } catch (SdkException e) {
      LOG.warnf("a bucket does not answer: %s (request %s)", e.getMessage(), requestId);
      return problem(
          isThrottling(e)
              ? Problem.tooManyRequests("a bucket takes no more requests at this rate")
              : Problem.unavailable("a bucket does not answer"),
          requestId);
    } catch (IOException e) {
      LOG.warnf("a bucket does not answer: %s (request %s)", e.getMessage(), requestId);
      return problem(Problem.unavailable("a bucket does not answer"), requestId);
    } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
      LOG.errorf(e, "request %s failed", requestId);
      return Answer.of(Problem.internal(requestId));
    }
  }

  private Answer routed(Request request) throws ProblemException, IOException {
    if (request.path().isEmpty()) {
      // what the page refers to is looked for beside it
      return Answer.empty(308).with("Location", request.stage() + "/");
    }
    if (Origins.isPreflight(request)) {
      return origins.preflight(request, router.allowed(request.path()));
    }
    if (request.method().equals("OPTIONS")) {
      return Answer.empty(204).with("Allow", router.allowed(request.path()));
    }
    origins.check(request);
    if (request.body().length > MAX_BODY_BYTES) {
      throw Problem.of(
              413, "a body may have " + MAX_BODY_BYTES + " bytes; POST /uploads takes larger ones")
          .coded("too-large")
          .exception();
    }
    return router.answer(Encoded.decoded(request));
  }

  private static Answer problem(Problem problem, String requestId) {
    LOG.infof("answered %d: %s (request %s)", problem.status(), problem.detail(), requestId);
    return Answer.of(problem);
  }

  private static boolean isThrottling(SdkException e) {
    return e instanceof AwsServiceException service && service.isThrottlingException();
  }
}
