package io.pigeonhole.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.net.http.HttpResponse;
import java.util.Locale;
import java.util.regex.Pattern;

/** What the API says of itself, and whether it answers so. */
final class Described {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final JsonNode document;

  /** Reads an OpenAPI document. */
  Described(String document) throws Exception {
    this.document = JSON.readTree(document);
  }

  /** Checks that an answer has a status and a body that are described. */
  void check(HttpResponse<String> response) throws Exception {
    String method = response.request().method();
    String path = response.request().uri().getRawPath();
    JsonNode operation = operation(path, method);
    String status = Integer.toString(response.statusCode());
    JsonNode described = operation.path("responses").path(status);
    assertThat(described.isObject()).as("%s %s answers %s", method, path, status).isTrue();
    String type = response.headers().firstValue("content-type").orElse("").split(";", 2)[0].strip();
    JsonNode schema = described.path("content").path(type).path("schema");
    assertThat(schema.isObject()).as("%s %s answers %s", method, path, type).isTrue();
    if (type.endsWith("json")) {
      assertThat(schema(schema).validate(JSON.readTree(response.body())))
          .as("%s %s answers %s", method, path, response.body())
          .isEmpty();
    }
  }

  private JsonSchema schema(JsonNode schema) {
    ObjectNode whole = (ObjectNode) schema.deepCopy();
    whole.set("components", document.path("components"));
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(whole);
  }

  private JsonNode operation(String path, String method) {
    JsonNode operation = JSON.missingNode();
    int literal = -1;
    for (var described : document.path("paths").properties()) {
      String template = described.getKey();
      String lower = method.toLowerCase(Locale.ROOT);
      if (Pattern.matches(template.replaceAll("\\{\\w+}", ".+"), path)
          && described.getValue().has(lower)
          && template.length() > literal) {
        operation = described.getValue().path(lower);
        literal = template.length();
      }
    }
    assertThat(operation.isObject()).as("%s %s is described", method, path).isTrue();
    return operation;
  }
}
