package io.pigeonhole.classify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a request is answered with: text of some type. */
record Answer(int status, Map<String, String> headers, String body) {
  static final JsonMapper JSON = JsonMapper.builder().build();

  static Answer json(JsonNode body) {
    return json(text(body));
  }

  static Answer json(String body) {
    return new Answer(200, Map.of("Content-Type", "application/json"), body);
  }

  static Answer of(Problem problem) {
    ObjectNode body =
        JSON.createObjectNode()
            .put("type", "about:blank")
            .put("title", problem.title())
            .put("status", problem.status())
            .put("detail", problem.detail());
    if (!problem.code().isEmpty()) {
      body.put("code", problem.code());
    }
    Map<String, String> headers = new LinkedHashMap<>(problem.headers());
    headers.put("Content-Type", "application/problem+json");
    return new Answer(problem.status(), headers, text(body));
  }

  private static String text(JsonNode body) {
    try {
      return JSON.writeValueAsString(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of plain values cannot fail to serialize", e);
    }
  }
}
