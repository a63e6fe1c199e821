package io.pigeonhole.local.gateway;

import io.pigeonhole.local.lambda.Outcome;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Passes every request to the function, within the limits of the services that it stands for.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html">Quotas
 *     of HTTP APIs</a>
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html">Lambda
 *     quotas</a>
 */
final class GatewayServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;
  static final int MAX_BODY_BYTES = 10 * 1024 * 1024;
  static final int MAX_EVENT_BYTES = 6 * 1024 * 1024;

  private final transient Function<byte[], CompletableFuture<Outcome>> function;
  private final transient Duration timeout;
  private final transient TokenBucket tokens;

  GatewayServlet(
      Function<byte[], CompletableFuture<Outcome>> function, Duration timeout, Rate rate) {
    this.function = function;
    this.timeout = timeout;
    this.tokens = new TokenBucket(rate, System::nanoTime);
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    try {
      respond(request).writeTo(response);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      HttpApiResponse.SERVICE_UNAVAILABLE.writeTo(response);
    }
  }

  private HttpApiResponse respond(HttpServletRequest request)
      throws IOException, InterruptedException {
    if (!tokens.admits()) {
      return HttpApiResponse.TOO_MANY_REQUESTS;
    }
    if (request.getContentLengthLong() > MAX_BODY_BYTES) {
      return HttpApiResponse.TOO_LARGE;
    }
    byte[] body = request.getInputStream().readNBytes(MAX_BODY_BYTES + 1);
    if (body.length > MAX_BODY_BYTES) {
      return HttpApiResponse.TOO_LARGE;
    }
    byte[] event = HttpApiEvent.of(request, body);
    return event.length > MAX_EVENT_BYTES ? HttpApiResponse.TOO_LARGE : invoke(event);
  }

  private HttpApiResponse invoke(byte[] event) throws InterruptedException {
    CompletableFuture<Outcome> outcome = function.apply(event);
    try {
      return outcome.get(timeout.toMillis(), TimeUnit.MILLISECONDS)
              instanceof Outcome.Responded responded
          ? HttpApiResponse.parse(responded.payload())
          : HttpApiResponse.INTERNAL_SERVER_ERROR;
    } catch (TimeoutException e) {
      outcome.cancel(false);
      return HttpApiResponse.SERVICE_UNAVAILABLE;
    } catch (ExecutionException e) {
      return HttpApiResponse.INTERNAL_SERVER_ERROR;
    }
  }
}
