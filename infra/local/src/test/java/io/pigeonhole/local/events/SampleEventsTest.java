package io.pigeonhole.local.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class SampleEventsTest {
  private static final JsonMapper JSON = JsonMapper.shared();

  /** What we say ourselves that the schedule sends. */
  private static final Set<String> OURS =
      Set.of("scheduler-train.json", "scheduler-train-base.json");

  private static final Map<String, String> SHAPES =
      Map.ofEntries(
          Map.entry("classify-alb.json", "alb"),
          Map.entry("classify-function-url.json", "function-url"),
          Map.entry("classify-get-image.json", "http-api-2.0"),
          Map.entry("classify-get-models.json", "http-api-2.0"),
          Map.entry("classify-post.json", "http-api-2.0"),
          Map.entry("classify-post-rest.json", "rest-api"),
          Map.entry("cloudformation-create.json", "cloudformation-custom-resource"),
          Map.entry("eventbridge-cloudtrail.json", "cloudtrail-s3"),
          Map.entry("eventbridge-object-created.json", "eventbridge-object-created"),
          Map.entry("s3-batch-1.0.json", "s3-batch-1.0"),
          Map.entry("s3-batch-2.0.json", "s3-batch-2.0"),
          Map.entry("s3-put.json", "s3-notification"),
          Map.entry("scheduler-default.json", "scheduler"),
          Map.entry("sns-eventbridge.json", "sns"),
          Map.entry("sns-s3.json", "sns"),
          Map.entry("sqs-eventbridge.json", "sqs"),
          Map.entry("sqs-s3.json", "sqs"),
          Map.entry("sqs-sns.json", "sqs"),
          Map.entry("train-post.json", "http-api-2.0"));

  static Stream<Path> samples() throws IOException {
    try (Stream<Path> files = Files.list(folder())) {
      return files.sorted().toList().stream();
    }
  }

  private static Path folder() {
    return Path.of(System.getProperty("events"));
  }

  @ParameterizedTest
  @MethodSource("samples")
  void hasTheShapeThatAwsDocuments(Path sample) throws IOException {
    String name = sample.getFileName().toString();
    if (OURS.contains(name)) {
      return;
    }
    assertThat(SHAPES).containsKey(name);
    assertThat(DocumentedShapes.problems(SHAPES.get(name), Files.readString(sample))).isEmpty();
  }

  /** Or the schemas would say yes to anything. */
  @ParameterizedTest
  @MethodSource("samples")
  void wouldNotHaveItWithoutAField(Path sample) throws IOException {
    String name = sample.getFileName().toString();
    if (OURS.contains(name)) {
      return;
    }
    ObjectNode event = (ObjectNode) JSON.readTree(Files.readString(sample));
    for (String field : List.copyOf(event.propertyNames())) {
      JsonNode value = event.remove(field);
      boolean optional = optional(SHAPES.get(name)).contains(field);
      assertThat(DocumentedShapes.problems(SHAPES.get(name), event.toString()).isEmpty())
          .as("%s without %s", name, field)
          .isEqualTo(optional);
      event.set(field, value);
    }
    event.put("unheardOf", 1);
    assertThat(DocumentedShapes.problems(SHAPES.get(name), event.toString())).isNotEmpty();
  }

  private static List<String> optional(String shape) {
    return switch (shape) {
      case "http-api-2.0", "function-url" -> List.of("queryStringParameters", "body");
      case "rest-api" -> List.of("version");
      // sent, and not documented
      case "cloudformation-custom-resource" -> List.of("ServiceToken");
      default -> List.of();
    };
  }

  @ParameterizedTest
  @MethodSource("samples")
  void bodiesOfMessagesAreEventsToo(Path sample) throws Exception {
    for (JsonNode record : JSON.readTree(Files.readString(sample)).path("Records")) {
      if (record.has("Sns")) {
        assertHasItsShape(record.at("/Sns/Message").asString());
      }
      if (record.has("body")) {
        String body = record.path("body").asString();
        assertHasItsShape(body);
        byte[] digest =
            MessageDigest.getInstance("MD5").digest(body.getBytes(StandardCharsets.UTF_8));
        assertThat(record.path("md5OfBody").asString()).isEqualTo(HexFormat.of().formatHex(digest));
      }
    }
  }

  /** A notification of SNS has a message in turn. */
  private static void assertHasItsShape(String body) {
    JsonNode event = JSON.readTree(body);
    String shape = "eventbridge-object-created";
    if (event.has("Event")) {
      shape = "s3-test-event";
    } else if (event.has("Records")) {
      shape = "s3-notification";
    } else if (event.has("TopicArn")) {
      shape = "sns-notification";
      assertHasItsShape(event.path("Message").asString());
    }
    assertThat(DocumentedShapes.problems(shape, body)).isEmpty();
  }

  @Test
  void thereIsASampleOfEveryShape() {
    assertThat(SHAPES.keySet()).allMatch(name -> Files.isRegularFile(folder().resolve(name)));
  }
}
