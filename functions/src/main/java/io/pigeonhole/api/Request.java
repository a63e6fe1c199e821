package io.pigeonhole.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A request, whichever payload format it came in.
 *
 * @param stage that is the first part of the path as clients see it; empty if there is none
 * @param path still percent-encoded, without the stage; empty if clients ended it with the stage
 * @param query decoded
 * @param headers by their lower-case names
 * @param caller who asks
 * @param captured what stands in the places of the path's names, decoded; empty until it is routed
 */
@SuppressWarnings("ArrayRecordComponent") // read once, never compared
public record Request(
    String method,
    String stage,
    String path,
    Map<String, String> query,
    Map<String, String> headers,
    byte[] body,
    Caller caller,
    Map<String, String> captured) {

  /** What stands in the place of a name of the operation's path. */
  public String captured(String name) {
    String value = captured.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the path of this operation has no {" + name + "}");
    }
    return value;
  }

  Request capturing(Map<String, String> values) {
    return new Request(method, stage, path, query, headers, body, caller, values);
  }

  Request method(String other) {
    return new Request(other, stage, path, query, headers, body, caller, captured);
  }

  Request body(byte[] other) {
    return new Request(method, stage, path, query, headers, other, caller, captured);
  }

  public Optional<String> header(String lowerCaseName) {
    return Optional.ofNullable(headers.get(lowerCaseName));
  }

  /** The media type of the body, in lower case, without parameters. */
  public Optional<String> mediaType() {
    return header("content-type")
        .map(type -> type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT))
        .filter(type -> !type.isEmpty());
  }

  /**
   * A whole number of the query.
   *
   * @throws ProblemException if it is none, or outside the bounds
   */
  public int integer(String name, int byDefault, int min, int max) throws ProblemException {
    String text = query.get(name);
    if (text == null) {
      return byDefault;
    }
    try {
      int number = Integer.parseInt(text);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw Problem.badRequest("%s must be a whole number from %d to %d".formatted(name, min, max))
        .exception();
  }

  /**
   * A switch of the query; off if it is not there.
   *
   * @throws ProblemException if it is neither {@code true} nor {@code false}
   */
  public boolean flag(String name) throws ProblemException {
    String text = query.getOrDefault(name, "false");
    if (text.equals("true") || text.equals("false")) {
      return text.equals("true");
    }
    throw Problem.badRequest(name + " must be true or false").exception();
  }

  /**
   * The body as a JSON object.
   *
   * @param expected what to say if it is none
   */
  public JsonNode json(String expected) throws ProblemException {
    if (!mediaType().orElse("application/json").equals("application/json")) {
      throw Problem.unsupportedMediaType(
              "expected " + expected + " as application/json, found " + mediaType().orElseThrow())
          .exception();
    }
    try {
      JsonNode json = Answer.JSON.readTree(body);
      if (json != null && json.isObject()) {
        return json;
      }
    } catch (JsonProcessingException e) {
      // said below
    } catch (IOException e) {
      throw new IllegalStateException("bytes in memory can be read", e);
    }
    throw Problem.badRequest("expected " + expected).exception();
  }
}
