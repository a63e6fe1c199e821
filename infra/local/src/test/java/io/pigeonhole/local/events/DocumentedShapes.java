package io.pigeonhole.local.events;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * The shapes that AWS documents for events, as JSON schemas: {@code src/test/resources/aws}, each
 * with the address of its documentation.
 */
public final class DocumentedShapes {
  private DocumentedShapes() {}

  /** What is wrong with an event, if it should have a shape; nothing if it has it. */
  public static List<String> problems(String shape, String json) {
    return schema(shape)
        .validate(
            json,
            InputFormat.JSON,
            context -> context.getExecutionConfig().setFormatAssertionsEnabled(true))
        .stream()
        .map(ValidationMessage::getMessage)
        .toList();
  }

  private static JsonSchema schema(String shape) {
    try (InputStream in = DocumentedShapes.class.getResourceAsStream("/aws/" + shape + ".json")) {
      return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
