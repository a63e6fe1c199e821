package io.pigeonhole.local.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import io.pigeonhole.local.backfill.BackfillJob.Completion;
import io.pigeonhole.local.events.DocumentedShapes;
import io.pigeonhole.local.lambda.Outcome;
import io.pigeonhole.local.s3.LocalS3;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class BackfillJobTest {
  private static final JsonMapper JSON = JsonMapper.shared();

  private static final Duration PAUSE = Duration.ofMillis(10);

  @TempDir private static Path data;
  @AutoClose private static LocalS3 local;
  private static S3Client s3;

  private final List<JsonNode> events = new ArrayList<>();
  private final Map<String, Integer> seen = new HashMap<>();

  @BeforeAll
  static void start() throws Exception {
    local = new LocalS3(data, "images", "results");
    s3 = local.client();
  }

  @BeforeEach
  void forget() {
    events.clear();
    seen.clear();
  }

  @Test
  void triesAgainWhatFailsTemporarilyAndReportsEachTask() throws Exception {
    put("some/text.txt");
    put("some/bad.txt", "some/good 1,\"2\".jpg", "some/later.jpg", "some/never.jpg", "other.jpg");
    Completion completion = run("some/");
    assertThat(completion.labeled()).isEqualTo(2);
    assertThat(completion.withoutLabel()).isEqualTo(3);
    assertThat(completion.failed()).isEqualTo(2);
    assertThat(completion.ended()).isEmpty();
    assertThat(seen)
        .containsOnly(
            Map.entry("some/bad.txt", 1),
            Map.entry("some/good 1,\"2\".jpg", 1),
            Map.entry("some/later.jpg", 2),
            Map.entry("some/text.txt", 1),
            Map.entry("some/never.jpg", 3));
    JsonNode manifest = JSON.readTree(object(completion.report()));
    assertThat(manifest.path("Format").asString()).isEqualTo("Report_CSV_20180820");
    assertThat(object(manifest.at("/Results/0/Key").asString()))
        .isEqualTo(
            """
            images,some%2Fgood+1%2C%222%22.jpg,,succeeded,,200,\"""cat"" 0.99 review: unsure"
            images,some%2Flater.jpg,,succeeded,,200,\"""cat"" 0.99 review: unsure"
            images,some%2Ftext.txt,,succeeded,,200,not-an-image: no image
            """);
    assertThat(object(manifest.at("/Results/1/Key").asString()))
        .isEqualTo(
            """
            images,some%2Fbad.txt,,failed,PermanentFailure,200,the bucket is that of the results
            images,some%2Fnever.jpg,,failed,TemporaryFailure,200,slow
            """);
  }

  @Test
  void asksInTheSchemaOfS3BatchOperations() throws Exception {
    put("schema/a.jpg");
    run("schema/");
    JsonNode event = events.get(0);
    assertThat(DocumentedShapes.problems("s3-batch-2.0", event.toString())).isEmpty();
    assertThat(event.path("invocationSchemaVersion").asString()).isEqualTo("2.0");
    assertThat(event.path("invocationId").asString()).isNotEmpty();
    assertThat(event.at("/job/id").asString()).isNotEmpty();
    assertThat(event.at("/tasks/0/s3Key").asString()).isEqualTo("schema%2Fa.jpg");
    assertThat(event.at("/tasks/0/s3Bucket").asString()).isEqualTo("images");
  }

  @Test
  void countsATaskThatTheFunctionDiesOfAsFailed() throws Exception {
    put("deadly/a.jpg");
    Completion completion =
        new BackfillJob(
                s3,
                event -> CompletableFuture.completedFuture(new Outcome.Failed("Exit", "dead")),
                50,
                PAUSE,
                (labeled, withoutLabel) -> {})
            .run("images", "deadly/", "results");
    assertThat(completion.failed()).isEqualTo(1);
  }

  @Test
  void endsAJobInWhichMostTasksFail() throws Exception {
    for (int i = 0; i < 60; i++) {
      put("wrong/bad" + i);
    }
    Completion completion = run("wrong/");
    assertThat(completion.ended()).isNotEmpty();
    assertThat(completion.failed()).isEqualTo(50);
  }

  @Test
  void reportsNothingOfAPrefixWithoutImages() throws Exception {
    Completion completion = run("empty/");
    assertThat(completion.labeled() + completion.withoutLabel()).isZero();
    assertThat(object(completion.report())).contains("ReportSchema");
  }

  private Completion run(String prefix) throws Exception {
    return new BackfillJob(s3, this::answer, 50, PAUSE, (labeled, withoutLabel) -> {})
        .run("images", prefix, "results");
  }

  /** As the function does; what it says goes by the name of the object. */
  private CompletableFuture<Outcome> answer(byte[] payload) {
    JsonNode event = JSON.readTree(payload);
    events.add(event);
    ObjectNode answer = JSON.createObjectNode().put("treatMissingKeysAs", "TemporaryFailure");
    ArrayNode results = answer.putArray("results");
    for (JsonNode task : event.path("tasks")) {
      String key = URLDecoder.decode(task.path("s3Key").asString(), StandardCharsets.UTF_8);
      int times = seen.merge(key, 1, Integer::sum);
      ObjectNode result = results.addObject().put("taskId", task.path("taskId").asString());
      if (key.contains("bad")) {
        result
            .put("resultCode", "PermanentFailure")
            .put("resultString", "the bucket is that of the results");
      } else if (key.contains("never") || (key.contains("later") && times == 1)) {
        result.put("resultCode", "TemporaryFailure").put("resultString", "slow");
      } else if (key.contains("text")) {
        result.put("resultCode", "Succeeded").put("resultString", "not-an-image: no image");
      } else {
        result.put("resultCode", "Succeeded").put("resultString", "\"cat\" 0.99 review: unsure");
      }
    }
    return CompletableFuture.completedFuture(new Outcome.Responded(JSON.writeValueAsBytes(answer)));
  }

  private static void put(String... keys) {
    for (String key : keys) {
      s3.putObject(put -> put.bucket("images").key(key), RequestBody.fromString("x"));
    }
  }

  private static String object(String key) {
    return s3.getObjectAsBytes(get -> get.bucket("results").key(key)).asUtf8String();
  }
}
