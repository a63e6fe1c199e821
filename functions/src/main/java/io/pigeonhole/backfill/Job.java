package io.pigeonhole.backfill;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.pigeonhole.label.StoredImages.Image;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What S3 Batch Operations asks for in one invocation (<a
 * href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-invoke-lambda.html">schemas
 * 1.0 and 2.0</a>, of which the first names a bucket by its ARN). Keys are URL-encoded in both.
 *
 * @param schema the version to answer in
 * @param invocation to be answered with
 * @param id of the job; empty if the event does not say
 */
record Job(String schema, String invocation, String id, List<Task> tasks) {
  private static final Pattern NOT_IN_NAMES = Pattern.compile("[^A-Za-z0-9-]");

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /**
   * An object of the bucket.
   *
   * @param image empty if the task does not say which
   * @param problem what is wrong with the task; empty if nothing is
   */
  record Task(String id, Optional<Image> image, String problem) {}

  static Job read(InputStream in) throws IOException {
    JsonNode event;
    try {
      event = JSON.readTree(in);
    } catch (JacksonException e) {
      throw new IOException("the event is not JSON: " + e.getOriginalMessage(), e);
    }
    String schema = text(event, "invocationSchemaVersion", "the event");
    if (!schema.equals("1.0") && !schema.equals("2.0")) {
      throw new IOException(
          "invocationSchemaVersion is '%s'; expected 1.0 or 2.0".formatted(schema));
    }
    if (!event.path("tasks").isArray()) {
      throw new IOException("the event has no tasks");
    }
    List<Task> tasks = new ArrayList<>();
    for (JsonNode task : event.path("tasks")) {
      tasks.add(task(task, schema));
    }
    return new Job(
        schema,
        text(event, "invocationId", "the event"),
        event.at("/job/id").asText(),
        List.copyOf(tasks));
  }

  /** The job and the invocation, as the name of what is written of both. */
  String name() {
    return named(id.isEmpty() ? "job" : id) + "/" + named(invocation);
  }

  private static String named(String id) {
    return NOT_IN_NAMES.matcher(id).replaceAll("_");
  }

  private static Task task(JsonNode task, String schema) throws IOException {
    String id = text(task, "taskId", "a task");
    try {
      String bucket =
          schema.equals("1.0")
              ? ofArn(text(task, "s3BucketArn", "the task"))
              : text(task, "s3Bucket", "the task");
      String key = URLDecoder.decode(text(task, "s3Key", "the task"), StandardCharsets.UTF_8);
      return new Task(id, Optional.of(new Image(bucket, key)), "");
    } catch (IllegalArgumentException e) {
      return new Task(id, Optional.empty(), "s3Key is not URL-encoded");
    } catch (IOException e) {
      return new Task(id, Optional.empty(), String.valueOf(e.getMessage()));
    }
  }

  private static String ofArn(String arn) {
    return arn.substring(arn.lastIndexOf(':') + 1);
  }

  private static String text(JsonNode node, String field, String what) throws IOException {
    JsonNode value = node.path(field);
    if (!value.isTextual() || value.asText().isEmpty()) {
      throw new IOException("%s has no %s".formatted(what, field));
    }
    return value.asText();
  }
}
