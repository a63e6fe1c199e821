package io.pigeonhole.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a request is answered with.
 *
 * @param headers names in any case
 */
@SuppressWarnings("ArrayRecordComponent") // written once, never compared
public record Answer(int status, Map<String, String> headers, byte[] body) {
  public static final JsonMapper JSON = JsonMapper.builder().build();
  private static final byte[] NOTHING = {};

  public Answer {
    Map<String, String> sorted = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    sorted.putAll(headers);
    headers = Collections.unmodifiableMap(sorted);
  }

  /** Status 200. */
  public static Answer json(JsonNode body) {
    return of("application/json", bytes(body));
  }

  /** Status 200. */
  public static Answer of(String type, byte[] body) {
    return new Answer(200, Map.of("Content-Type", type), body);
  }

  /** Without a body. */
  public static Answer empty(int status) {
    return new Answer(status, Map.of(), NOTHING);
  }

  /** A problem, as {@code application/problem+json}. */
  public static Answer of(Problem problem) {
    ObjectNode body =
        JSON.createObjectNode()
            .put("type", "about:blank")
            .put("title", problem.title())
            .put("status", problem.status())
            .put("detail", problem.detail());
    if (!problem.code().isEmpty()) {
      body.put("code", problem.code());
    }
    return new Answer(problem.status(), problem.headers(), bytes(body))
        .with("Content-Type", "application/problem+json");
  }

  /** The same with another status. */
  public Answer status(int other) {
    return new Answer(other, headers, body);
  }

  /** The same with a header set. */
  public Answer with(String name, String value) {
    Map<String, String> more = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    more.putAll(headers);
    more.put(name, value);
    return new Answer(status, more, body);
  }

  /** The same with an ETag that stands for this content, whatever else is in the body. */
  public Answer identifiedBy(String content) {
    return with("ETag", Validators.weak(content.getBytes(StandardCharsets.UTF_8)));
  }

  /** The same with a header set if it is not. */
  Answer byDefault(String name, String value) {
    return headers.containsKey(name) ? this : with(name, value);
  }

  /** The same with one more thing that the answer depends on. */
  Answer varying(String header) {
    return with("Vary", header("Vary").map(vary -> vary + ", " + header).orElse(header));
  }

  Answer withBody(byte[] other) {
    return new Answer(status, headers, other);
  }

  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  /** Whether the body is UTF-8 text, by its type. */
  boolean isText() {
    String type = header("Content-Type").orElse("");
    return type.startsWith("text/")
        || type.startsWith("application/json")
        || type.startsWith("application/problem+json")
        || type.startsWith("application/vnd.oai.openapi+json")
        || type.startsWith("image/svg+xml");
  }

  /** The body as text. */
  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  private static byte[] bytes(JsonNode json) {
    try {
      return JSON.writeValueAsBytes(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of plain values cannot fail to serialize", e);
    }
  }
}
