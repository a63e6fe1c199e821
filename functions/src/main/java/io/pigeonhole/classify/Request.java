package io.pigeonhole.classify;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A request, as <a
 * href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html">payload
 * format 2.0</a> has it.
 *
 * @param path still percent-encoded, without the stage
 * @param headers by their lower-case names
 */
@SuppressWarnings("ArrayRecordComponent") // read once, never compared
record Request(
    String method,
    String path,
    Map<String, String> query,
    Map<String, String> headers,
    byte[] body) {

  static Request of(APIGatewayV2HTTPEvent event) throws ProblemException {
    RequestContext context = event.getRequestContext();
    if (context == null || context.getHttp() == null || event.getRawPath() == null) {
      throw Problem.badRequest("this is no request of an HTTP API, payload format 2.0").exception();
    }
    Map<String, String> headers = new TreeMap<>();
    if (event.getHeaders() != null) {
      event.getHeaders().forEach((name, v) -> headers.put(name.toLowerCase(Locale.ROOT), v));
    }
    Map<String, String> query = event.getQueryStringParameters();
    return new Request(
        context.getHttp().getMethod(),
        withoutStage(event.getRawPath(), context.getStage()),
        query == null ? Map.of() : query,
        headers,
        body(event));
  }

  /** The media type of the body, in lower case, without parameters. */
  Optional<String> mediaType() {
    return Optional.ofNullable(headers.get("content-type"))
        .map(type -> type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT))
        .filter(type -> !type.isEmpty());
  }

  /** A stage that has a name is the first part of the path. */
  private static String withoutStage(String path, String stage) {
    boolean named = stage != null && !stage.isEmpty() && !stage.equals("$default");
    return named && path.startsWith("/" + stage + "/") ? path.substring(stage.length() + 1) : path;
  }

  private static byte[] body(APIGatewayV2HTTPEvent event) throws ProblemException {
    String body = event.getBody() == null ? "" : event.getBody();
    if (!event.getIsBase64Encoded()) {
      return body.getBytes(StandardCharsets.UTF_8);
    }
    try {
      return Base64.getDecoder().decode(body);
    } catch (IllegalArgumentException e) {
      throw Problem.badRequest("the body is said to be base64, and is not").exception();
    }
  }
}
