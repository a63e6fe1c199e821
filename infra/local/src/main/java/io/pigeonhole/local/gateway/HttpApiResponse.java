package io.pigeonhole.local.gateway;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An HTTP response made from what a function answered, as API Gateway makes it.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html#http-api-develop-integrations-lambda.response">Lambda
 *     function response</a>
 */
@SuppressWarnings("ArrayRecordComponent") // written once, never compared
record HttpApiResponse(int status, Map<String, String> headers, List<String> cookies, byte[] body) {
  private static final JsonMapper JSON = JsonMapper.shared();

  /** The server's own business: a function's values would contradict the connection. */
  private static final Set<String> NOT_FORWARDED =
      Set.of("content-length", "transfer-encoding", "connection", "keep-alive", "upgrade");

  static final HttpApiResponse INTERNAL_SERVER_ERROR = message(500, "Internal Server Error");
  static final HttpApiResponse SERVICE_UNAVAILABLE = message(503, "Service Unavailable");
  static final HttpApiResponse UNAUTHORIZED =
      message(401, "Unauthorized").with("www-authenticate", "Bearer");
  static final HttpApiResponse FORBIDDEN =
      message(403, "Forbidden").with("www-authenticate", "Bearer error=\"insufficient_scope\"");
  static final HttpApiResponse NOT_FOUND = message(404, "Not Found");
  static final HttpApiResponse TOO_MANY_REQUESTS = message(429, "Too Many Requests");
  static final HttpApiResponse TOO_LARGE = message(413, "Request Entity Too Large");

  private static HttpApiResponse message(int status, String message) {
    return json(status, JSON.createObjectNode().put("message", message).toString());
  }

  private HttpApiResponse with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new HttpApiResponse(status, more, cookies, body);
  }

  private static HttpApiResponse json(int status, String json) {
    return new HttpApiResponse(
        status,
        Map.of("content-type", "application/json"),
        List.of(),
        json.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Reads a function's answer. JSON without a {@code statusCode} is a body for status 200; what
   * cannot be understood is an internal server error.
   */
  static HttpApiResponse parse(byte[] payload) {
    try {
      JsonNode answer = JSON.readTree(payload);
      if (!answer.isObject() || !answer.has("statusCode")) {
        return answer.isString()
            ? json(200, answer.asString())
            : json(200, new String(payload, StandardCharsets.UTF_8));
      }
      int status = answer.get("statusCode").asInt(0);
      return status < 200 || status > 599 ? INTERNAL_SERVER_ERROR : full(status, answer);
    } catch (JacksonException | IllegalArgumentException e) {
      return INTERNAL_SERVER_ERROR;
    }
  }

  private static HttpApiResponse full(int status, JsonNode answer) {
    Map<String, String> headers = new LinkedHashMap<>();
    answer
        .path("headers")
        .properties()
        .forEach(
            header ->
                headers.put(
                    header.getKey().toLowerCase(Locale.ROOT), header.getValue().asString("")));
    List<String> cookies = new ArrayList<>();
    answer.path("cookies").forEach(cookie -> cookies.add(cookie.asString("")));
    String body = answer.path("body").asString("");
    byte[] bytes =
        answer.path("isBase64Encoded").asBoolean(false)
            ? Base64.getDecoder().decode(body)
            : body.getBytes(StandardCharsets.UTF_8);
    headers.putIfAbsent("content-type", "text/plain;charset=utf-8");
    return new HttpApiResponse(status, headers, cookies, bytes);
  }

  void writeTo(HttpServletResponse response) throws IOException {
    response.setStatus(status);
    headers.forEach(
        (name, value) -> {
          if (!NOT_FORWARDED.contains(name)) {
            response.setHeader(name, value);
          }
        });
    cookies.forEach(cookie -> response.addHeader("set-cookie", cookie));
    if (status != HttpServletResponse.SC_NO_CONTENT
        && status != HttpServletResponse.SC_NOT_MODIFIED) {
      response.setContentLength(body.length);
      response.getOutputStream().write(body);
    }
  }
}
