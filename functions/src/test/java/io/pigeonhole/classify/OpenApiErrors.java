package io.pigeonhole.classify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.openapiprocessor.interfaces.Converter;
import io.openapiprocessor.interfaces.ConverterException;
import io.openapiprocessor.jsonschema.ouput.OutputConverter;
import io.openapiprocessor.jsonschema.ouput.OutputUnit;
import io.openapiprocessor.jsonschema.reader.UriReader;
import io.openapiprocessor.jsonschema.schema.DocumentLoader;
import io.openapiprocessor.jsonschema.schema.JsonInstance;
import io.openapiprocessor.jsonschema.schema.Output;
import io.openapiprocessor.jsonschema.schema.SchemaStore;
import io.openapiprocessor.jsonschema.schema.SchemaVersion;
import io.openapiprocessor.jsonschema.validator.Validator;
import io.openapiprocessor.jsonschema.validator.steps.ValidationStep;
import java.net.URI;
import java.util.List;

/**
 * What the <a href="https://spec.openapis.org/oas/3.1/schema-base/">schema of OpenAPI 3.1</a> finds
 * wrong with a document, the schemas in it included.
 */
final class OpenApiErrors {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final URI SCHEMAS = URI.create("https://spec.openapis.org/oas/3.1/");
  private static final String WHOLE = "schema-base/2025-09-15";
  private static final List<String> PARTS =
      List.of("meta/2024-11-10", "dialect/2024-11-10", "schema/2025-09-15", WHOLE);

  private OpenApiErrors() {}

  static List<String> of(JsonNode document) {
    SchemaStore store = new SchemaStore(new DocumentLoader(new UriReader(), parser()));
    store.registerDraft202012();
    PARTS.forEach(part -> store.register(SCHEMAS.resolve(part), "/openapi/3.1/" + part));
    ValidationStep validated =
        new Validator()
            .validate(
                store.getSchema(SCHEMAS.resolve(WHOLE), SchemaVersion.Draft202012),
                new JsonInstance(JSON.convertValue(document, Object.class)));
    OutputUnit result = new OutputConverter(Output.BASIC).convert(validated);
    return result.isValid()
        ? List.of()
        : result.getErrors().stream()
            .map(error -> error.getInstanceLocation() + " " + error.getError())
            .toList();
  }

  private static Converter parser() {
    return text -> {
      try {
        return JSON.readValue(text, Object.class);
      } catch (JsonProcessingException e) {
        throw new ConverterException("no JSON", e);
      }
    };
  }
}
