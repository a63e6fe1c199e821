package io.pigeonhole.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The events of API Gateway: payload format 2.0 of HTTP APIs, and 1.0 of REST APIs (<a
 * href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html">both</a>).
 * An answer has the same form in both.
 */
public final class Payload {
  private Payload() {}

  /**
   * The request that an event tells of.
   *
   * @throws ProblemException if it tells of none
   */
  public static Request read(JsonNode event) throws ProblemException {
    JsonNode context = event.path("requestContext");
    boolean second = context.at("/http/method").isTextual() && event.path("rawPath").isTextual();
    boolean first = event.path("httpMethod").isTextual() && event.path("path").isTextual();
    if (!first && !second) {
      throw Problem.badRequest("this is no request of API Gateway, payload format 1.0 or 2.0")
          .exception();
    }
    String stage = stage(context);
    Map<String, String> headers = new TreeMap<>();
    event
        .path("headers")
        .properties()
        .forEach(h -> headers.put(h.getKey().toLowerCase(Locale.ROOT), h.getValue().asText()));
    Map<String, String> query = new TreeMap<>();
    event
        .path("queryStringParameters")
        .properties()
        .forEach(q -> query.put(q.getKey(), q.getValue().asText()));
    return new Request(
        second ? context.at("/http/method").asText() : event.path("httpMethod").asText(),
        stage,
        second
            ? withoutStage(event.path("rawPath").asText(), stage)
            : withinStage(event.path("path").asText(), context.path("path").asText(), stage),
        query,
        headers,
        body(event),
        Map.of());
  }

  /** The answer as API Gateway takes it. */
  public static JsonNode write(Answer answer) {
    ObjectNode json = Answer.JSON.createObjectNode().put("statusCode", answer.status());
    ObjectNode headers = json.putObject("headers");
    answer.headers().forEach(headers::put);
    boolean text = answer.isText() && answer.header("Content-Encoding").isEmpty();
    boolean base64 = !text && answer.body().length > 0;
    return json.put(
            "body", base64 ? Base64.getEncoder().encodeToString(answer.body()) : answer.text())
        .put("isBase64Encoded", base64);
  }

  private static String stage(JsonNode context) {
    String stage = context.path("stage").asText("");
    return stage.equals("$default") ? "" : stage;
  }

  /** A stage that has a name is the first part of the path of payload format 2.0. */
  private static String withoutStage(String path, String stage) {
    String prefix = "/" + stage;
    return !stage.isEmpty() && (path.equals(prefix) || path.startsWith(prefix + "/"))
        ? path.substring(prefix.length())
        : path;
  }

  /** Payload format 1.0 has the path without the stage, and beside it as the client sent it. */
  private static String withinStage(String path, String sent, String stage) {
    return !stage.isEmpty() && sent.equals("/" + stage) ? "" : path;
  }

  private static byte[] body(JsonNode event) throws ProblemException {
    String body = event.path("body").asText("");
    if (!event.path("isBase64Encoded").asBoolean()) {
      return body.getBytes(StandardCharsets.UTF_8);
    }
    try {
      return Base64.getDecoder().decode(body);
    } catch (IllegalArgumentException e) {
      throw Problem.badRequest("the body is said to be base64, and is not").exception();
    }
  }
}
