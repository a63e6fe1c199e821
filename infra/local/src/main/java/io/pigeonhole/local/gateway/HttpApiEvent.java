package io.pigeonhole.local.gateway;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes an HTTP request as API Gateway's HTTP APIs hand it to a function, payload format 2.0.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html">Lambda
 *     integrations</a>
 */
final class HttpApiEvent {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  /** Bodies of these types, and of {@code text/*}, arrive as text; all others in base64. */
  private static final Set<String> TEXT =
      Set.of("application/json", "application/javascript", "application/xml");

  private HttpApiEvent() {}

  static byte[] of(
      HttpServletRequest request, byte[] body, Route route, Authorizer.Decision decision) {
    ObjectNode event = JSON.createObjectNode();
    event
        .put("version", "2.0")
        .put("routeKey", route.key())
        .put("rawPath", request.getRequestURI())
        .put("rawQueryString", rawQuery(request));
    cookies(request, event);
    headers(request).forEach(event.putObject("headers")::put);
    Map<String, String> parameters = queryParameters(rawQuery(request));
    if (!parameters.isEmpty()) {
      parameters.forEach(event.putObject("queryStringParameters")::put);
    }
    context(request, route, decision, event.putObject("requestContext"));
    body(request, body, event);
    return JSON.writeValueAsBytes(event);
  }

  private static String rawQuery(HttpServletRequest request) {
    return request.getQueryString() == null ? "" : request.getQueryString();
  }

  private static void cookies(HttpServletRequest request, ObjectNode event) {
    Stream<String> cookies =
        Collections.list(request.getHeaders("cookie")).stream()
            .flatMap(header -> Stream.of(header.split(";", -1)))
            .map(String::strip)
            .filter(cookie -> !cookie.isEmpty());
    ArrayNode array = JSON.createArrayNode();
    cookies.forEach(array::add);
    if (!array.isEmpty()) {
      event.set("cookies", array);
    }
  }

  private static Map<String, String> headers(HttpServletRequest request) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (String name : Collections.list(request.getHeaderNames())) {
      String lower = name.toLowerCase(Locale.ROOT);
      if (!lower.equals("cookie")) {
        headers.put(lower, String.join(",", Collections.list(request.getHeaders(name))));
      }
    }
    String client = request.getRemoteAddr();
    headers.merge("x-forwarded-for", client, (given, own) -> given + ", " + own);
    headers.putIfAbsent("x-forwarded-proto", "http");
    headers.putIfAbsent("x-forwarded-port", String.valueOf(request.getLocalPort()));
    return headers;
  }

  private static Map<String, String> queryParameters(String rawQuery) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String pair : rawQuery.split("&", -1)) {
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
        String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
        parameters.merge(name, value, (first, next) -> first + "," + next);
      }
    }
    return parameters;
  }

  /** A stray percent sign is left as it is. */
  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }

  private static void context(
      HttpServletRequest request, Route route, Authorizer.Decision decision, ObjectNode context) {
    Instant now = Instant.now();
    String userAgent = request.getHeader("user-agent");
    context.put("accountId", "000000000000").put("apiId", "local");
    if (decision instanceof Authorizer.Decision.Known known) {
      authorizer(known, context.putObject("authorizer").putObject("jwt"));
    }
    context.put("domainName", request.getServerName()).put("domainPrefix", "local");
    context
        .putObject("http")
        .put("method", request.getMethod())
        .put("path", request.getRequestURI())
        .put("protocol", request.getProtocol())
        .put("sourceIp", request.getRemoteAddr())
        .put("userAgent", userAgent == null ? "" : userAgent);
    context
        .put("requestId", UUID.randomUUID().toString())
        .put("routeKey", route.key())
        .put("stage", "$default")
        .put("time", TIME.format(now))
        .put("timeEpoch", now.toEpochMilli());
  }

  private static void authorizer(Authorizer.Decision.Known known, ObjectNode jwt) {
    known.claims().forEach(jwt.putObject("claims")::put);
    if (known.scopes().isEmpty()) {
      jwt.putNull("scopes");
    } else {
      known.scopes().forEach(jwt.putArray("scopes")::add);
    }
  }

  private static void body(HttpServletRequest request, byte[] body, ObjectNode event) {
    boolean text = isText(request.getContentType());
    if (body.length > 0) {
      event.put(
          "body",
          text
              ? new String(body, StandardCharsets.UTF_8)
              : Base64.getEncoder().encodeToString(body));
    }
    event.put("isBase64Encoded", body.length > 0 && !text);
  }

  /** A form is not: API Gateway encodes it, and so what curl sends without a type. */
  static boolean isText(String contentType) {
    if (contentType == null) {
      return false;
    }
    String type = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    return TEXT.contains(type)
        || type.startsWith("text/")
        || type.endsWith("+json")
        || type.endsWith("+xml");
  }
}
