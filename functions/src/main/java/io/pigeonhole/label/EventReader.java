package io.pigeonhole.label;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the events that the label function is invoked with: <a
 * href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html">S3
 * notifications</a>, in which keys are URL-encoded; <a
 * href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html">EventBridge's
 * events</a>, in which they are not; and SQS batches of either.
 *
 * <p>Whatever is no creation of an object is read as no image: removals, and the test event that S3
 * sends when notifications are set up.
 */
final class EventReader {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private EventReader() {}

  static LabelEvent read(InputStream in) throws IOException, UnreadableEventException {
    JsonNode event;
    try {
      event = JSON.readTree(in);
    } catch (JacksonException e) {
      throw new UnreadableEventException("the event is not JSON: " + e.getOriginalMessage());
    }
    JsonNode records = event.path("Records");
    if (records.path(0).path("eventSource").asText().equals("aws:sqs")) {
      List<LabelEvent.Message> messages = new ArrayList<>();
      for (JsonNode message : records) {
        messages.add(message(message));
      }
      return new LabelEvent.Queued(List.copyOf(messages));
    }
    return new LabelEvent.Direct(images(event));
  }

  private static LabelEvent.Message message(JsonNode message) throws UnreadableEventException {
    String id = text(message, "messageId", "an SQS message");
    try {
      JsonNode body = JSON.readTree(text(message, "body", "SQS message " + id));
      return new LabelEvent.Message(id, images(body), "");
    } catch (JacksonException e) {
      return new LabelEvent.Message(id, List.of(), "not JSON: " + e.getOriginalMessage());
    } catch (UnreadableEventException e) {
      return new LabelEvent.Message(id, List.of(), String.valueOf(e.getMessage()));
    }
  }

  private static List<ImageEvent> images(JsonNode event) throws UnreadableEventException {
    if (event.path("Records").isArray()) {
      List<ImageEvent> images = new ArrayList<>();
      for (JsonNode record : event.path("Records")) {
        if (text(record, "eventName", "an S3 record").startsWith("ObjectCreated:")) {
          images.add(created(record.path("s3")));
        }
      }
      return List.copyOf(images);
    }
    if (event.path("source").asText().equals("aws.s3") && event.has("detail")) {
      return event.path("detail-type").asText().equals("Object Created")
          ? List.of(createdByEventBridge(event.path("detail")))
          : List.of();
    }
    if (event.path("Event").asText().equals("s3:TestEvent")) {
      return List.of();
    }
    throw new UnreadableEventException(
        "expected an event of S3, of S3 through SQS, or of S3 through EventBridge");
  }

  private static ImageEvent created(JsonNode s3) throws UnreadableEventException {
    String key = text(s3.path("object"), "key", "s3.object of an S3 record");
    try {
      return new ImageEvent(
          text(s3.path("bucket"), "name", "s3.bucket of an S3 record"),
          URLDecoder.decode(key, StandardCharsets.UTF_8),
          s3.path("object").path("sequencer").asText());
    } catch (IllegalArgumentException e) {
      throw new UnreadableEventException(
          "the key %s of an S3 record is not URL-encoded".formatted(Quoted.of(key)));
    }
  }

  private static ImageEvent createdByEventBridge(JsonNode detail) throws UnreadableEventException {
    return new ImageEvent(
        text(detail.path("bucket"), "name", "detail.bucket of an EventBridge event"),
        text(detail.path("object"), "key", "detail.object of an EventBridge event"),
        detail.path("object").path("sequencer").asText());
  }

  private static String text(JsonNode node, String field, String what)
      throws UnreadableEventException {
    JsonNode value = node.path(field);
    if (!value.isTextual() || value.asText().isEmpty()) {
      throw new UnreadableEventException("%s has no %s".formatted(what, field));
    }
    return value.asText();
  }
}
