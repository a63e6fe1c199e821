package io.pigeonhole.local.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.pigeonhole.local.events.DocumentedShapes;
import io.pigeonhole.local.s3.ObjectCreated.How;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class S3EventTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.123Z");

  private final S3Event events = new S3Event(Clock.fixed(NOW, ZoneOffset.UTC));

  @Test
  void hasTheFieldsOfS3sMessages() {
    JsonNode record = events.of(created("a b.jpg", Optional.of("v1"))).at("/Records/0");
    assertThat(record.at("/eventVersion").asString()).isEqualTo("2.1");
    assertThat(record.at("/eventSource").asString()).isEqualTo("aws:s3");
    assertThat(record.at("/eventTime").asString()).isEqualTo("2026-03-01T12:00:00.123Z");
    assertThat(record.at("/eventName").asString()).isEqualTo("ObjectCreated:Put");
    assertThat(record.at("/requestParameters/sourceIPAddress").asString()).isEqualTo("127.0.0.1");
    assertThat(record.at("/s3/bucket/name").asString()).isEqualTo("images");
    assertThat(record.at("/s3/bucket/arn").asString()).isEqualTo("arn:aws:s3:::images");
    assertThat(record.at("/s3/object/key").asString()).isEqualTo("a+b.jpg");
    assertThat(record.at("/s3/object/size").asLong()).isEqualTo(4);
    assertThat(record.at("/s3/object/eTag").asString()).isEqualTo("abc");
    assertThat(record.at("/s3/object/versionId").asString()).isEqualTo("v1");
  }

  @Test
  void hasTheShapeThatAwsDocuments() {
    for (Optional<String> version : List.of(Optional.of("v1"), Optional.<String>empty())) {
      String event = events.of(created("ä b/%.jpg", version)).toString();
      assertThat(DocumentedShapes.problems("s3-notification", event)).isEmpty();
    }
  }

  @Test
  void leavesOutTheVersionWhereThereIsNone() {
    assertThat(
            events.of(created("a", Optional.empty())).at("/Records/0/s3/object").has("versionId"))
        .isFalse();
  }

  @Test
  void countsSequencersUpEvenWhenTheClockStands() {
    String first = sequencer();
    String second = sequencer();
    assertThat(first).matches("[0-9A-F]{16}");
    assertThat(second).isGreaterThan(first);
    S3Event later = new S3Event(Clock.fixed(NOW.plusSeconds(1), ZoneOffset.UTC));
    assertThat(
            later
                .of(created("a", Optional.empty()))
                .at("/Records/0/s3/object/sequencer")
                .asString())
        .isGreaterThan(second);
  }

  private String sequencer() {
    return events
        .of(created("a", Optional.empty()))
        .at("/Records/0/s3/object/sequencer")
        .asString();
  }

  @ParameterizedTest
  @CsvSource({
    "a b.jpg, a+b.jpg",
    "a+b.jpg, a%2Bb.jpg",
    "100%.jpg, 100%25.jpg",
    "d/é.jpg, d/%C3%A9.jpg",
    "../x, ../x",
    "a~b*c, a%7Eb*c"
  })
  void encodesKeysAsS3Does(String key, String encoded) {
    assertThat(S3Event.urlEncoded(key)).isEqualTo(encoded);
  }

  private static ObjectCreated created(String key, Optional<String> version) {
    return new ObjectCreated(
        How.PUT, "images", key, 4, "abc", version, NOW, "request", "127.0.0.1");
  }
}
