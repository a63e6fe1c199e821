package io.pigeonhole.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.pigeonhole.testkit.SampleEvents;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Images that were there before are labeled when S3 Batch Operations asks for it. */
class BackfillIT {
  @TempDir private static Path data;
  @AutoClose private static FaultyS3 faulty;
  @AutoClose private static LabelAlone label;
  private static final BlockingQueue<String> OUTPUT = new LinkedBlockingQueue<>();
  @AutoClose private static LoneFunction backfill;

  @BeforeAll
  static void start() throws Exception {
    label = new LabelAlone(data, BackfillIT::between);
    backfill = function(told -> {});
  }

  private static LoneFunction function(Consumer<Map<String, String>> more) throws Exception {
    return new LoneFunction(
        "backfill",
        faulty.endpoint(),
        data,
        told -> {
          told.remove("POWERTOOLS_METRICS_DISABLED");
          told.put("PIGEONHOLE_METRICS_NAMESPACE", "Pigeonhole/photos");
          more.accept(told);
        },
        BackfillIT::say);
  }

  private static void say(String line) {
    OUTPUT.add(line);
    System.out.println(line);
  }

  private static URI between(URI s3) {
    faulty = new FaultyS3(s3);
    return faulty.endpoint();
  }

  @AfterEach
  void heal() {
    faulty.inject((method, path) -> Optional.empty());
  }

  @ParameterizedTest
  @CsvSource({
    "s3-batch-1.0.json, ships/red ship (1).png",
    "s3-batch-2.0.json, frogs/grüner Frosch.png"
  })
  void labelsAnImageThatNoEventToldOf(String sample, String key) throws Exception {
    label.upload(key, Scenes.jpeg("ship"));
    ObjectNode event = sample(sample);
    JsonNode answer = invoke(event);
    assertThat(answer.path("invocationSchemaVersion"))
        .isEqualTo(event.path("invocationSchemaVersion"));
    assertThat(answer.path("invocationId")).isEqualTo(event.path("invocationId"));
    assertThat(answer.path("treatMissingKeysAs").asString()).isEqualTo("TemporaryFailure");
    JsonNode result = answer.at("/results/0");
    assertThat(result.path("taskId")).isEqualTo(event.at("/tasks/0/taskId"));
    assertThat(result.path("resultCode").asString()).isEqualTo("Succeeded");
    String said = label.result(key).path("label").asString();
    assertThat(result.path("resultString").asString()).startsWith(said + " ");
    assertThat(label.tags(Buckets.IMAGES, key)).containsEntry("label", said);
    assertThat(label.indexed(key)).containsExactly(said);
  }

  @Test
  void tellsOfEachTaskForItself() throws Exception {
    label.upload("good.jpg", Scenes.jpeg("cat"));
    label.upload("bad.jpg", "no image".getBytes(StandardCharsets.UTF_8));
    label.upload("unlucky.jpg", Scenes.jpeg("dog"));
    faulty.inject(
        (method, path) ->
            path.contains("unlucky") ? Optional.of(FaultyS3.Fault.SLOW_DOWN) : Optional.empty());
    ObjectNode event = sample("s3-batch-2.0.json");
    JsonNode template = event.path("tasks").get(0);
    ArrayNode tasks = event.putArray("tasks");
    label.upload("folder/", new byte[0]);
    List<String> keys =
        List.of("good.jpg", "bad.jpg", "missing.jpg", "unlucky.jpg", "%zz", "folder/");
    for (String key : keys) {
      tasks.add(((ObjectNode) template.deepCopy()).put("taskId", key).put("s3Key", key));
    }
    tasks.add(
        ((ObjectNode) template.deepCopy()).put("taskId", "r").put("s3Bucket", Buckets.RESULTS));
    JsonNode results = invoke(event).path("results");
    assertThat(results.findValuesAsString("taskId"))
        .containsExactly(
            "good.jpg", "bad.jpg", "missing.jpg", "unlucky.jpg", "%zz", "folder/", "r");
    assertThat(results.findValuesAsString("resultCode"))
        .containsExactly(
            "Succeeded",
            "Succeeded",
            "Succeeded",
            "TemporaryFailure",
            "PermanentFailure",
            "Succeeded",
            "PermanentFailure");
    assertThat(results.get(1).path("resultString").asString()).startsWith("not-an-image: ");
    assertThat(results.get(2).path("resultString").asString()).startsWith("gone: ");
    assertThat(results.get(5).path("resultString").asString()).startsWith("folder-marker: ");
    assertThat(label.result("folder/").isMissingNode()).isTrue();
    assertThat(label.result("bad.jpg").at("/error/code").asString()).isEqualTo("not-an-image");
  }

  @Test
  void writesOneObjectOfLinesInsteadOfThoseOfEachImageWhereThatIsAskedFor() throws Exception {
    ObjectNode event = sample("s3-batch-2.0.json");
    JsonNode template = event.path("tasks").get(0);
    ArrayNode tasks = event.putArray("tasks");
    for (String key : List.of("lines/a.jpg", "lines/b.jpg", "lines/c.txt")) {
      label.upload(
          key, key.endsWith("txt") ? "text".getBytes(StandardCharsets.UTF_8) : Scenes.jpeg("cat"));
      tasks.add(((ObjectNode) template.deepCopy()).put("taskId", key).put("s3Key", key));
    }
    Queue<String> requests = new ConcurrentLinkedQueue<>();
    faulty.inject(
        (method, path) -> {
          if (!path.startsWith("/models")) {
            requests.add(method + " " + path);
          }
          return Optional.empty();
        });
    try (LoneFunction inLines = function(told -> told.put("PIGEONHOLE_OUTPUTS", "lines"))) {
      assertThat(inLines.answer(event).path("results").findValuesAsString("resultCode"))
          .containsExactly("Succeeded", "Succeeded", "Succeeded");
    }
    String lines =
        "lines/f3cc4f60-61f6-4a2b-8a21-d07600c373ce"
            + "/YXNkbGZqYWRmaiBhc2RmdW9hZHNmZGpmaGFzbGtkaGZza2RmaAo.jsonl";
    assertThat(requests)
        .containsExactlyInAnyOrder(
            "GET /images/lines/a.jpg",
            "GET /images/lines/b.jpg",
            "GET /images/lines/c.txt",
            "PUT /results/" + lines);
    List<JsonNode> written =
        label
            .s3()
            .getObjectAsBytes(get -> get.bucket(Buckets.RESULTS).key(lines))
            .asUtf8String()
            .lines()
            .map(LabelAlone.JSON::readTree)
            .toList();
    assertThat(written)
        .extracting(line -> line.path("key").asString())
        .containsExactlyInAnyOrder("lines/a.jpg", "lines/b.jpg", "lines/c.txt");
    assertThat(written)
        .filteredOn(line -> line.path("key").asString().endsWith("jpg"))
        .allSatisfy(line -> assertThat(line.path("label").asString()).isIn(Scenes.CLASSES));
    assertThat(label.tags(Buckets.IMAGES, "lines/a.jpg")).isEmpty();
  }

  @Test
  void tellsCloudWatchWhatBecameOfTheImages() throws Exception {
    label.upload("counted.jpg", Scenes.jpeg("truck"));
    OUTPUT.clear();
    backfilled("counted.jpg");
    String line = "";
    while (!line.contains("\"Namespace\":\"Pigeonhole/photos\"")) {
      line = OUTPUT.poll(10, TimeUnit.SECONDS);
      assertThat(line).as("a line that CloudWatch reads").isNotNull();
    }
    JsonNode told = LabelAlone.JSON.readTree(line.substring(line.indexOf('{')));
    assertThat(told.path("Service").asString()).isEqualTo("backfill");
    assertThat(told.path("BatchSize").asInt()).isEqualTo(1);
    assertThat(told.path("Labeled").asInt()).isEqualTo(1);
    assertThat(told.path("ModelRefused").isNumber()).isTrue();
  }

  @Test
  void leavesTheResultOfAnUploadAsItIs() throws Exception {
    ObjectNode uploaded = label.upload("uploaded.jpg", Scenes.jpeg("horse"));
    assertThat(label.deliver(uploaded)).isEmpty();
    JsonNode before = label.result("uploaded.jpg");
    backfilled("uploaded.jpg");
    assertThat(label.result("uploaded.jpg")).isEqualTo(before);
  }

  @Test
  void labelsAnImageThatWasOverwrittenWithoutAnEvent() throws Exception {
    ObjectNode first = label.upload("overwritten.jpg", Scenes.jpeg("ship"));
    label.deliver(first);
    ObjectNode late = label.upload("overwritten.jpg", Scenes.jpeg("frog"));
    String said = backfilled("overwritten.jpg");
    assertLabeled("overwritten.jpg", late, LabelAlone.sequencer(first), said);
    label.deliver(late);
    label.deliver(first);
    assertLabeled("overwritten.jpg", late, LabelAlone.sequencer(late), said);
  }

  @Test
  void leavesTheResultOfAnUploadThatComesMeanwhile() throws Exception {
    label.deliver(label.upload("meanwhile.jpg", Scenes.jpeg("ship")));
    label.upload("meanwhile.jpg", Scenes.jpeg("horse"));
    AtomicReference<ObjectNode> upload = new AtomicReference<>();
    faulty.inject(
        (method, path) -> {
          if (method.equals("PUT") && path.contains("labels/meanwhile") && upload.get() == null) {
            upload.set(label.upload("meanwhile.jpg", Scenes.jpeg("frog")));
            deliver(upload.get());
          }
          return Optional.empty();
        });
    String said = backfilled("meanwhile.jpg");
    assertLabeled("meanwhile.jpg", upload.get(), LabelAlone.sequencer(upload.get()), said);
  }

  private static void deliver(ObjectNode event) {
    try {
      label.deliver(event);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Result, tags, index and report say the same of the newest content. */
  private static void assertLabeled(
      String key, ObjectNode newest, String sequencer, String reported) {
    JsonNode result = label.result(key);
    assertThat(result.path("etag").asString()).isEqualTo(LabelAlone.etag(newest));
    assertThat(result.path("sequencer").asString()).isEqualTo(sequencer);
    String name = result.path("label").asString();
    assertThat(reported).startsWith(name + " ");
    assertThat(label.tags(Buckets.IMAGES, key)).containsEntry("label", name);
    assertThat(label.indexed(key)).containsExactly(name);
  }

  /** What S3 Batch Operations is told of an image. */
  private static String backfilled(String key) throws Exception {
    ObjectNode event = sample("s3-batch-1.0.json");
    ((ObjectNode) event.path("tasks").get(0)).put("s3Key", key);
    JsonNode result = invoke(event).at("/results/0");
    assertThat(result.path("resultCode").asString()).isEqualTo("Succeeded");
    return result.path("resultString").asString();
  }

  private static JsonNode invoke(ObjectNode event) throws Exception {
    return backfill.answer(event);
  }

  private static ObjectNode sample(String name) throws Exception {
    return (ObjectNode) LabelAlone.JSON.readTree(SampleEvents.text(name));
  }
}
