package io.pigeonhole.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

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
    LabelEvent.Queued queued = (LabelEvent.Queued) read(sample("sqs-s3.json"));
    assertThat(queued.messages()).hasSize(3).allMatch(m -> m.problem().isEmpty());
    assertThat(queued.messages().get(0).id()).isEqualTo("059f36b4-87a3-44ab-83d2-661975830a7d");
    assertThat(queued.messages().get(0).images()).containsExactly(SHIP);
    assertThat(queued.messages().get(1).images())
        .extracting(ImageEvent::key)
        .containsExactly("frogs/grüner Frosch.png");
    assertThat(queued.messages().get(2).images()).isEmpty();
  }

  @Test
  void readsAQueueOfEventBridgeEvents() throws Exception {
    LabelEvent.Queued queued = (LabelEvent.Queued) read(sample("sqs-eventbridge.json"));
    assertThat(queued.messages()).hasSize(2).allMatch(m -> m.problem().isEmpty());
    assertThat(queued.messages().get(0).images()).containsExactly(SHIP);
    assertThat(queued.messages().get(1).images())
        .extracting(ImageEvent::key)
        .containsExactly("frogs/grüner Frosch.png");
  }

  @Test
  void setsAsideOnlyTheMessageThatCannotBeRead() throws Exception {
    String broken = sample("sqs-s3.json").replaceFirst("\\{\\\\\"Records", "\\\\\"Records");
    LabelEvent.Queued queued = (LabelEvent.Queued) read(broken);
    assertThat(queued.messages().get(0).problem()).isNotEmpty();
    assertThat(queued.messages().get(1).problem()).isEmpty();
    assertThat(queued.messages().get(1).images()).hasSize(1);
  }

  @Test
  void hasNothingToLabelWhenAnObjectIsRemoved() throws Exception {
    String removed = sample("s3-put.json").replace("ObjectCreated:Put", "ObjectRemoved:Delete");
    assertThat(images(removed)).isEmpty();
    String deleted =
        sample("eventbridge-object-created.json").replace("Object Created", "Object Deleted");
    assertThat(images(deleted)).isEmpty();
    assertThat(images("{\"Records\":[]}")).isEmpty();
  }

  @Test
  void saysWhatIsWrongWithAnEvent() throws Exception {
    assertThatThrownBy(() -> read("no json")).isInstanceOf(UnreadableEventException.class);
    assertThatThrownBy(() -> read("{\"hello\":1}")).hasMessageContaining("expected an event of S3");
    String malformed = sample("s3-put.json").replace("%281%29", "%2");
    assertThatThrownBy(() -> read(malformed)).hasMessageContaining("is not URL-encoded");
    String nameless = sample("s3-put.json").replace("\"name\"", "\"nom\"");
    assertThatThrownBy(() -> read(nameless))
        .hasMessageContaining("s3.bucket of an S3 record has no name");
  }

  private static Iterable<ImageEvent> images(String json) throws Exception {
    return ((LabelEvent.Direct) read(json)).images();
  }

  private static LabelEvent read(String json) throws Exception {
    return EventReader.read(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
  }

  private static String sample(String name) throws Exception {
    return Files.readString(Path.of(System.getProperty("events"), name));
  }
}
