package io.pigeonhole.local;

import static io.pigeonhole.local.LabelAlone.VERSIONED;
import static io.pigeonhole.local.LabelAlone.byEventBridge;
import static io.pigeonhole.local.LabelAlone.byTopic;
import static io.pigeonhole.local.LabelAlone.etag;
import static io.pigeonhole.local.LabelAlone.sequencer;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pigeonhole.local.lambda.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Events come at least once, late and in any order, and objects change meanwhile: at the end the
 * newest object has its result, its tags and its place in the index.
 */
class DeliveryIT {
  private static final byte[] OLD = Scenes.jpeg("ship");
  private static final byte[] NEW = Scenes.jpeg("frog");
  private static final byte[] TEXT = "not an image".getBytes(UTF_8);

  @TempDir private static Path data;
  @AutoClose private static LabelAlone label;

  @BeforeAll
  static void start() throws Exception {
    label = new LabelAlone(data, s3 -> s3);
  }

  @Test
  void twiceInABatch() throws Exception {
    ObjectNode event = label.upload("twice.jpg", NEW);
    assertThat(label.deliver(event, event)).isEmpty();
    assertLabeled("twice.jpg", event);
  }

  @Test
  void againLaterChangesNothing() throws Exception {
    ObjectNode event = label.upload("again.jpg", NEW);
    label.deliver(event);
    JsonNode first = label.result("again.jpg");
    assertThat(label.deliver(event)).isEmpty();
    assertThat(label.result("again.jpg")).isEqualTo(first);
  }

  @Test
  void theNewerFirst() throws Exception {
    ObjectNode older = label.upload("reversed.jpg", OLD);
    ObjectNode newer = label.upload("reversed.jpg", NEW);
    label.deliver(newer);
    assertThat(label.deliver(older)).isEmpty();
    assertLabeled("reversed.jpg", newer);
  }

  @Test
  void bothInABatchInEitherOrder() throws Exception {
    ObjectNode older = label.upload("both.jpg", OLD);
    ObjectNode newer = label.upload("both.jpg", NEW);
    assertThat(label.deliver(newer, older)).isEmpty();
    assertLabeled("both.jpg", newer);
    ObjectNode newest = label.upload("both.jpg", OLD);
    assertThat(label.deliver(newer, newest)).isEmpty();
    assertLabeled("both.jpg", newest);
  }

  @Test
  void overwrittenBeforeTheFirstEventCame() throws Exception {
    ObjectNode older = label.upload("overwritten.jpg", OLD);
    ObjectNode newer = label.upload("overwritten.jpg", NEW);
    label.deliver(older);
    assertThat(label.result("overwritten.jpg").path("etag").asString()).isEqualTo(etag(newer));
    String labeledAt = label.result("overwritten.jpg").path("labeledAt").asString();
    label.deliver(newer);
    assertLabeled("overwritten.jpg", newer);
    assertThat(label.result("overwritten.jpg").path("labeledAt").asString())
        .as("the same content is not labeled again")
        .isEqualTo(labeledAt);
  }

  @Test
  void anotherLabelLeavesNoIndexObjectBehind() throws Exception {
    label.deliver(label.upload("moved.jpg", OLD));
    String before = label.result("moved.jpg").path("label").asString();
    ObjectNode newer = label.upload("moved.jpg", NEW);
    label.deliver(newer);
    assertThat(label.result("moved.jpg").path("label").asString()).isNotEqualTo(before);
    assertLabeled("moved.jpg", newer);
  }

  @Test
  void deletedBeforeItWasRead() throws Exception {
    ObjectNode event = label.upload("deleted.jpg", NEW);
    label.s3().deleteObject(delete -> delete.bucket("images").key("deleted.jpg"));
    assertThat(label.deliver(event)).isEmpty();
    assertError("deleted.jpg", "gone");
  }

  @Test
  void deletedAndUploadedAgain() throws Exception {
    ObjectNode older = label.upload("back.jpg", OLD);
    label.s3().deleteObject(delete -> delete.bucket("images").key("back.jpg"));
    label.deliver(older);
    ObjectNode newer = label.upload("back.jpg", NEW);
    label.deliver(newer);
    label.deliver(older);
    assertLabeled("back.jpg", newer);
  }

  @Test
  void corruptAndThenRepaired() throws Exception {
    ObjectNode corrupt = label.upload("repaired.jpg", TEXT);
    label.deliver(corrupt);
    assertError("repaired.jpg", "not-an-image");
    ObjectNode repaired = label.upload("repaired.jpg", NEW);
    label.deliver(repaired, corrupt);
    assertLabeled("repaired.jpg", repaired);
  }

  @Test
  void labeledAndThenOverwrittenByWhatIsNoImage() throws Exception {
    label.deliver(label.upload("broken.jpg", NEW));
    label.deliver(label.upload("broken.jpg", TEXT));
    assertError("broken.jpg", "not-an-image");
    assertThat(label.indexed("broken.jpg")).isEmpty();
  }

  @Test
  void throughEventBridgeAndThroughANotification() throws Exception {
    ObjectNode event = label.upload("bridged.jpg", NEW);
    assertThat(label.deliver(byEventBridge(event), event)).isEmpty();
    assertLabeled("bridged.jpg", event);
  }

  @Test
  void withoutASequencer() throws Exception {
    ObjectNode older = label.upload("unordered.jpg", OLD);
    ObjectNode newer = label.upload("unordered.jpg", NEW);
    label.deliver(newer);
    ((ObjectNode) older.at("/Records/0/s3/object")).remove("sequencer");
    assertThat(label.deliver(older)).isEmpty();
    assertLabeled("unordered.jpg", newer);
  }

  @Test
  void inAVersionedBucketTheNewestVersionCounts() throws Exception {
    ObjectNode older = label.upload(VERSIONED, "versions.jpg", OLD);
    ObjectNode newer = label.upload(VERSIONED, "versions.jpg", NEW);
    label.deliver(newer);
    label.deliver(older);
    JsonNode result = label.result("versions.jpg");
    assertThat(result.path("versionId").asString())
        .isEqualTo(newer.at("/Records/0/s3/object/versionId").asString())
        .isNotEmpty();
    assertThat(label.tags(VERSIONED, "versions.jpg"))
        .containsEntry("label", result.path("label").asString());
  }

  @Test
  void inAVersionedBucketADeleteMarkerIsGone() throws Exception {
    ObjectNode event = label.upload(VERSIONED, "marked.jpg", NEW);
    label.s3().deleteObject(delete -> delete.bucket(VERSIONED).key("marked.jpg"));
    assertThat(label.deliver(event)).isEmpty();
    assertError("marked.jpg", "gone");
  }

  /** The samples tell of this image, and some of another. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3-put",
        "eventbridge-object-created",
        "eventbridge-cloudtrail",
        "sns-s3",
        "sns-eventbridge",
        "sqs-s3",
        "sqs-eventbridge",
        "sqs-sns"
      })
  void asEachSampleTellsOfIt(String sample) throws Exception {
    String key = "ships/red ship (1).png";
    label.s3().deleteObject(delete -> delete.bucket("results").key("labels/" + key + ".json"));
    label.upload("frogs/grüner Frosch.png", NEW);
    label.upload(key, OLD);
    Path events = Path.of(System.getProperty("basedir"), "..", "..", "events");
    byte[] event = Files.readAllBytes(events.resolve(sample + ".json"));
    Outcome outcome = label.function().invoke(event).get();
    assertThat(outcome).isInstanceOf(Outcome.Responded.class);
    assertThat(new String(((Outcome.Responded) outcome).payload(), UTF_8))
        .doesNotContain("itemIdentifier");
    assertThat(label.result(key).path("label").asString()).isIn(Scenes.CLASSES);
  }

  @Test
  void aFolderMarkerIsNoImage() throws Exception {
    assertThat(label.deliver(label.upload("folder/", new byte[0]))).isEmpty();
    assertThat(label.result("folder/").isMissingNode()).isTrue();
    label.deliver(label.upload("empty.jpg", new byte[0]));
    assertError("empty.jpg", "empty");
  }

  @Test
  void aFolderMarkerInTheImagesPlaceTakesItsLabelAway() throws Exception {
    label.deliver(label.upload("slash/", NEW));
    label.deliver(label.upload("slash/", new byte[0]));
    assertError("slash/", "empty");
    assertThat(label.indexed("slash/")).isEmpty();
  }

  @Test
  void throughATopic() throws Exception {
    ObjectNode ours = label.upload("topic.jpg", NEW);
    ObjectNode other = label.upload("other-topic.jpg", OLD);
    assertThat(label.deliver(byTopic(ours), byTopic(byEventBridge(other)))).isEmpty();
    assertLabeled("topic.jpg", ours);
    assertLabeled("other-topic.jpg", other);
  }

  @Test
  void throughATopicToTheFunctionItself() throws Exception {
    ObjectNode event = label.upload("handed.jpg", NEW);
    ObjectNode handed = LabelAlone.JSON.createObjectNode();
    handed.putArray("Records").addObject().put("EventSource", "aws:sns").set("Sns", byTopic(event));
    assertThat(invoke(handed)).isInstanceOf(Outcome.Responded.class);
    assertLabeled("handed.jpg", event);
  }

  @Test
  void failsADirectInvocationThatIsOfAnotherServiceOnceItsImagesAreLabeled() throws Exception {
    ObjectNode event = label.upload("mixed.jpg", NEW);
    ((ArrayNode) event.path("Records")).addObject().put("eventSource", "aws:dynamodb");
    assertThat(invoke(event).toString()).contains("found one of").contains("aws:dynamodb");
    assertThat(label.result("mixed.jpg").path("label").asString()).isIn(Scenes.CLASSES);
  }

  private static Outcome invoke(ObjectNode event) throws Exception {
    return label.function().invoke(LabelAlone.JSON.writeValueAsBytes(event)).get();
  }

  @Test
  void amongNeighboursThatCannotBeLabeled() throws Exception {
    ObjectNode text = label.upload("neighbour.txt", TEXT);
    ObjectNode image = label.upload("neighbour.jpg", NEW);
    ObjectNode unreadable = LabelAlone.JSON.createObjectNode().put("Records", "none");
    ObjectNode elsewhere = label.upload("elsewhere.jpg", NEW);
    ((ObjectNode) elsewhere.at("/Records/0/s3/bucket")).put("name", "no-such-bucket");
    assertThat(label.deliver(text, unreadable, image, elsewhere))
        .as("a bucket that is not there may be tried again; an unreadable event never helps")
        .isEqualTo(List.of(3));
    assertLabeled("neighbour.jpg", image);
    assertError("neighbour.txt", "not-an-image");
  }

  /** The result, the tags and the index say the same of the newest object. */
  private static void assertLabeled(String key, ObjectNode newest) {
    JsonNode result = label.result(key);
    String name = result.path("label").asString();
    assertThat(name).as("%s", result).isIn(Scenes.CLASSES);
    assertThat(result.path("etag").asString()).isEqualTo(etag(newest));
    assertThat(result.path("sequencer").asString()).isEqualTo(sequencer(newest));
    assertThat(label.tags(Buckets.IMAGES, key)).containsEntry("label", name);
    assertThat(label.indexed(key)).containsExactly(name);
  }

  private static void assertError(String key, String code) {
    assertThat(label.result(key).at("/error/code").asString()).isEqualTo(code);
  }
}
