package io.pigeonhole.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The events of API Gateway: payload format 2.0 of HTTP APIs, and 1.0 of REST APIs (<a
 * href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html">both</a>);
 * of <a href="https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html">function URLs</a>,
 * which are of format 2.0; and of <a
 * href="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html">load
 * balancers</a>, which resemble format 1.0 and leave the query encoded. An answer has the same form
 * in all of them, but for load balancers that are set to multi-value headers.
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
      throw Problem.badRequest(
              "this is no request of API Gateway, payload format 1.0 or 2.0, of a function URL or of"
                  + " an Application Load Balancer")
          .exception();
    }
    String stage = stage(context);
    return new Request(
        second ? context.at("/http/method").asText() : event.path("httpMethod").asText(),
        stage,
        second
            ? withoutStage(event.path("rawPath").asText(), stage)
            : withinStage(event.path("path").asText(), context.path("path").asText(), stage),
        query(event),
        headers(event),
        body(event),
        Caller.of(context),
        Map.of());
  }

  /** The answer as whoever sent the event takes it. */
  public static JsonNode write(Answer answer, JsonNode event) {
    ObjectNode json = (ObjectNode) write(answer);
    if (hasMultiValueHeadersOnly(event)) {
      json.remove("headers");
      ObjectNode headers = json.putObject("multiValueHeaders");
      answer.headers().forEach((name, value) -> headers.putArray(name).add(value));
    }
    return json;
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

  private static Map<String, String> headers(JsonNode event) {
    Map<String, String> headers = new TreeMap<>();
    String field = hasMultiValueHeadersOnly(event) ? "multiValueHeaders" : "headers";
    event
        .path(field)
        .properties()
        .forEach(h -> headers.put(h.getKey().toLowerCase(Locale.ROOT), last(h.getValue())));
    return headers;
  }

  private static Map<String, String> query(JsonNode event) throws ProblemException {
    boolean encoded = isOfLoadBalancer(event);
    String field =
        hasMultiValueHeadersOnly(event)
            ? "multiValueQueryStringParameters"
            : "queryStringParameters";
    Map<String, String> query = new TreeMap<>();
    for (Map.Entry<String, JsonNode> each : event.path(field).properties()) {
      String value = last(each.getValue());
      query.put(encoded ? decoded(each.getKey()) : each.getKey(), encoded ? decoded(value) : value);
    }
    return query;
  }

  private static String decoded(String text) throws ProblemException {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw Problem.badRequest("the query is not percent-encoded").exception();
    }
  }

  private static String last(JsonNode value) {
    return value.isArray() ? value.path(value.size() - 1).asText() : value.asText();
  }

  private static boolean isOfLoadBalancer(JsonNode event) {
    return event.path("requestContext").has("elb");
  }

  /** As a load balancer's target group has them, by a setting: instead of the others. */
  private static boolean hasMultiValueHeadersOnly(JsonNode event) {
    return isOfLoadBalancer(event) && event.has("multiValueHeaders");
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
