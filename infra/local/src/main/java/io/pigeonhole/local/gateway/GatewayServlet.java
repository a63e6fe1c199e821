package io.pigeonhole.local.gateway;

import io.pigeonhole.local.lambda.Outcome;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * Passes every request to the function of its route, within the limits of the services that it
 * stands for.
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

  private final transient List<Route> routes;
  private final transient Authorizer authorizer;
  private final transient Duration timeout;
  private final transient Map<String, TokenBucket> tokens;

  GatewayServlet(List<Route> routes, Authorizer authorizer, Duration timeout, Rate rate) {
    this.routes = routes.stream().sorted(Route.BY_PRECISION).toList();
    this.authorizer = authorizer;
    this.timeout = timeout;
    this.tokens =
        routes.stream()
            .collect(
                Collectors.toMap(Route::key, route -> new TokenBucket(rate, System::nanoTime)));
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
    Optional<Route> asked =
        routes.stream()
            .filter(route -> route.matches(request.getMethod(), request.getRequestURI()))
            .findFirst();
    if (asked.isEmpty()) {
      return HttpApiResponse.NOT_FOUND;
    }
    Route route = asked.get();
    if (!tokens.get(route.key()).admits()) {
      return HttpApiResponse.TOO_MANY_REQUESTS;
    }
    Authorizer.Decision decision =
        authorizer.decide(route.level(), request.getHeader("Authorization"));
    if (decision instanceof Authorizer.Decision.Refused refused) {
      return refused.answer();
    }
    if (request.getContentLengthLong() > MAX_BODY_BYTES) {
      return HttpApiResponse.TOO_LARGE;
    }
    byte[] body = request.getInputStream().readNBytes(MAX_BODY_BYTES + 1);
    if (body.length > MAX_BODY_BYTES) {
      return HttpApiResponse.TOO_LARGE;
    }
    byte[] event = HttpApiEvent.of(request, body, route, decision);
    return event.length > MAX_EVENT_BYTES
        ? HttpApiResponse.TOO_LARGE
        : invoke(route.function().apply(event));
  }

  private HttpApiResponse invoke(CompletableFuture<Outcome> outcome) throws InterruptedException {
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
