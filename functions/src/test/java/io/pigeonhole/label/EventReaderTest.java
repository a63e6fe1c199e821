package io.pigeonhole.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventReaderTest {
  private static final ImageEvent SHIP =
      new ImageEvent("images", "ships/red ship (1).png", "0055AED6DCD90281E5");

  @Test
  void readsAnS3Notification() throws Exception {
    assertThat(images(sample("s3-put.json"))).containsExactly(SHIP);
  }

  @Test
  void readsAnEventBridgeEventWhoseKeyIsNotEncoded() throws Exception {
    assertThat(images(sample("eventbridge-object-created.json"))).containsExactly(SHIP);
    String literal = sample("eventbridge-object-created.json").replace("red ship", "100%25+a");
    assertThat(images(literal))
        .extracting(ImageEvent::key)
        .containsExactly("ships/100%25+a (1).png");
  }

  @Test
  void readsAQueueOfS3NotificationsAndTheTestEventAmongThem() throws Exception {
    List<LabelEvent.Message> messages = messages(sample("sqs-s3.json"));
    assertThat(messages).hasSize(3).allMatch(m -> m.contents().problems().isEmpty());
    assertThat(messages.get(0).id()).isEqualTo("059f36b4-87a3-44ab-83d2-661975830a7d");
    assertThat(messages.get(0).contents().images()).containsExactly(SHIP);
    assertThat(keys(messages.get(1).contents())).containsExactly("frogs/grüner Frosch.png");
    assertThat(messages.get(2).contents().images()).isEmpty();
    assertThat(messages.get(2).contents().others()).containsExactly("TestEvent");
  }

  @Test
  void readsAQueueOfEventBridgeEvents() throws Exception {
    List<LabelEvent.Message> messages = messages(sample("sqs-eventbridge.json"));
    assertThat(messages).hasSize(2).allMatch(m -> m.contents().problems().isEmpty());
    assertThat(messages.get(0).contents().images()).containsExactly(SHIP);
    assertThat(keys(messages.get(1).contents())).containsExactly("frogs/grüner Frosch.png");
  }

  @Test
  void readsAQueueThatATopicIsDeliveredTo() throws Exception {
    List<LabelEvent.Message> messages = messages(sample("sqs-sns.json"));
    assertThat(messages).hasSize(4).allMatch(m -> m.contents().problems().isEmpty());
    assertThat(messages.get(0).contents().images()).containsExactly(SHIP);
    assertThat(keys(messages.get(1).contents())).containsExactly("frogs/grüner Frosch.png");
    assertThat(messages.get(2).contents().images()).as("of EventBridge").containsExactly(SHIP);
    assertThat(messages.get(3).contents().others()).containsExactly("TestEvent");
  }

  @Test
  void readsWhatATopicHandsToLambda() throws Exception {
    assertThat(images(sample("sns-s3.json"))).containsExactly(SHIP);
    assertThat(images(sample("sns-eventbridge.json"))).containsExactly(SHIP);
  }

  @Test
  void readsTheCallsOfCloudTrailThatMakeAnObject() throws Exception {
    String call = sample("eventbridge-cloudtrail.json");
    ImageEvent ship = new ImageEvent(SHIP.bucket(), SHIP.key(), "");
    assertThat(images(call)).containsExactly(ship);
    assertThat(images(call.replace("\"PutObject\"", "\"CompleteMultipartUpload\"")))
        .containsExactly(ship);
    assertThat(contents(call.replace("\"PutObject\"", "\"GetObject\"")))
        .isEqualTo(new LabelEvent.Contents(List.of(), List.of("GetObject"), List.of()));
    String denied = call.replace("\"readOnly\"", "\"errorCode\": \"AccessDenied\", \"readOnly\"");
    assertThat(contents(denied).images()).isEmpty();
    assertThat(contents(denied).others()).containsExactly("PutObject");
  }

  @Test
  void readsNotificationsAsMinioAndCephSpellThem() throws Exception {
    String minio =
        sample("s3-put.json")
            .replace("ObjectCreated:Put", "s3:ObjectCreated:Put")
            .replace("aws:s3", "minio:s3")
            .replace("{\n  \"Records\"", "{\"EventName\":\"s3:ObjectCreated:Put\",\"Records\"");
    assertThat(images(minio)).containsExactly(SHIP);
    assertThat(images(sample("s3-put.json").replace("aws:s3", "ceph:s3"))).containsExactly(SHIP);
  }

  @Test
  void setsAsideOnlyTheMessageThatCannotBeRead() throws Exception {
    String broken = sample("sqs-s3.json").replaceFirst("\\{\\\\\"Records", "\\\\\"Records");
    List<LabelEvent.Message> messages = messages(broken);
    assertThat(messages.get(0).contents().problems()).hasSize(1);
    assertThat(messages.get(1).contents().problems()).isEmpty();
    assertThat(messages.get(1).contents().images()).hasSize(1);
  }

  @Test
  void setsAsideOnlyTheRecordThatCannotBeRead() throws Exception {
    String foreign = "{\"Records\": [{\"eventSource\": \"aws:kinesis\", \"kinesis\": {}},";
    LabelEvent.Contents contents =
        contents(sample("s3-put.json").replaceFirst("\\{\\s+\"Records\": \\[", foreign));
    assertThat(contents.images()).containsExactly(SHIP);
    assertThat(contents.problems()).singleElement().asString().contains("aws:kinesis");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ObjectRemoved:Delete",
        "s3:ObjectRemoved:Delete",
        "ObjectTagging:Put",
        "TestEvent"
      })
  void countsWhatS3TellsBesideUploads(String name) throws Exception {
    String other = sample("s3-put.json").replace("ObjectCreated:Put", name);
    assertThat(contents(other))
        .isEqualTo(new LabelEvent.Contents(List.of(), List.of(name.replace("s3:", "")), List.of()));
  }

  @Test
  void countsWhatEventBridgeTellsBesideUploads() throws Exception {
    String deleted =
        sample("eventbridge-object-created.json").replace("Object Created", "Object Deleted");
    assertThat(contents(deleted))
        .isEqualTo(new LabelEvent.Contents(List.of(), List.of("Object Deleted"), List.of()));
  }

  @Test
  void hasNothingToLabelWhenThereAreNoRecords() throws Exception {
    assertThat(contents("{\"Records\":[]}"))
        .isEqualTo(new LabelEvent.Contents(List.of(), List.of(), List.of()));
  }

  @Test
  void saysWhatIsWrongWithAnEvent() throws Exception {
    assertThatThrownBy(() -> read("no json")).isInstanceOf(UnreadableEventException.class);
    String nameless = sample("sqs-s3.json").replace("messageId", "id");
    assertThatThrownBy(() -> read(nameless)).hasMessageContaining("no messageId");
    assertProblem("{\"hello\":1}", "expected an event of S3");
    String put = sample("s3-put.json");
    assertProblem(put.replace("%281%29", "%2"), "is not URL-encoded");
    assertProblem(put.replace("\"name\"", "\"nom\""), "s3.bucket of an S3 record has no name");
    assertProblem(put.replace("ObjectCreated:Put", "Put"), "\"Put\" is not the name of an event");
    String bridge = sample("eventbridge-object-created.json");
    assertProblem(bridge.replace("detail-type", "type"), "an EventBridge event has no detail-type");
    assertProblem(bridge.replace("aws.s3", "aws.ec2"), "found one of \"aws.ec2\"");
    assertProblem(
        "{\"Records\":[{\"eventName\":\"INSERT\",\"eventSource\":\"aws:dynamodb\"}]}",
        "found one of \"aws:dynamodb\"");
  }

  @Test
  void saysThatATopicWaitsForItsConfirmation() throws Exception {
    assertProblem(
        """
        {"Type": "SubscriptionConfirmation", "TopicArn": "arn:aws:sns:eu-west-1:1:images",
         "SubscribeURL": "https://sns.eu-west-1.amazonaws.com/?Token=1"}
        """,
        "confirmed at \"https://sns.eu-west-1.amazonaws.com/?Token=1\"");
  }

  private static void assertProblem(String event, String problem) throws Exception {
    assertThat(contents(event).images()).isEmpty();
    assertThat(contents(event).problems()).singleElement().asString().contains(problem);
  }

  private static List<String> keys(LabelEvent.Contents contents) {
    return contents.images().stream().map(ImageEvent::key).toList();
  }

  private static List<ImageEvent> images(String json) throws Exception {
    assertThat(contents(json).problems()).isEmpty();
    return contents(json).images();
  }

  private static LabelEvent.Contents contents(String json) throws Exception {
    return ((LabelEvent.Direct) read(json)).contents();
  }

  private static List<LabelEvent.Message> messages(String json) throws Exception {
    return ((LabelEvent.Queued) read(json)).messages();
  }

  private static LabelEvent read(String json) throws Exception {
    return EventReader.read(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
  }

  private static String sample(String name) throws Exception {
    return Files.readString(Path.of(System.getProperty("events"), name));
  }
}
