package io.pigeonhole.label;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads what tells of uploads:
 *
 * <ul>
 *   <li><a
 *       href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html">S3's
 *       notifications</a>, in which keys are URL-encoded, also as MinIO and Ceph spell them;
 *   <li><a
 *       href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html">EventBridge's
 *       events</a> of S3, in which they are not;
 *   <li><a
 *       href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html">CloudTrail's
 *       calls of S3</a> by EventBridge, of which those that make an object are uploads, too;
 *   <li>any of them as <a href="https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html">SNS
 *       hands it to Lambda</a>, or <a
 *       href="https://docs.aws.amazon.com/sns/latest/dg/sns-sqs-as-subscriber.html">to a queue</a>,
 *       with raw message delivery or without.
 * </ul>
 */
final class UploadReader {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Before the first colon of an event's name: what S3, MinIO or Ceph tell beside uploads. */
  private static final Set<String> OTHERS =
      Set.of(
          "IntelligentTiering",
          "LifecycleExpiration",
          "LifecycleTransition",
          "ObjectAccessed",
          "ObjectAcl",
          "ObjectLifecycle",
          "ObjectRemoved",
          "ObjectRestore",
          "ObjectSynced",
          "ObjectTagging",
          "ReducedRedundancyLostObject",
          "Replication",
          "TestEvent");

  private static final Set<String> CALLS_THAT_UPLOAD =
      Set.of("PutObject", "PostObject", "CopyObject", "CompleteMultipartUpload");

  private final List<ImageEvent> images = new ArrayList<>();
  private final List<String> others = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  private UploadReader() {}

  /** Reads an event; what is wrong with it is among the problems. */
  static LabelEvent.Contents read(JsonNode event) {
    UploadReader reader = new UploadReader();
    reader.addWhole(event);
    return reader.contents();
  }

  /** Reads the body of a message. */
  static LabelEvent.Contents read(String body) {
    UploadReader reader = new UploadReader();
    reader.addText(body);
    return reader.contents();
  }

  private LabelEvent.Contents contents() {
    return new LabelEvent.Contents(List.copyOf(images), List.copyOf(others), List.copyOf(problems));
  }

  private void addText(String json) {
    try {
      addWhole(JSON.readTree(json));
    } catch (JacksonException e) {
      problems.add("not JSON: " + e.getOriginalMessage());
    }
  }

  private void addWhole(JsonNode event) {
    if (!event.path("Records").isArray()) {
      addGuarded(event);
      return;
    }
    for (JsonNode record : event.path("Records")) {
      addGuarded(record);
    }
  }

  private void addGuarded(JsonNode event) {
    try {
      add(event);
    } catch (UnreadableEventException e) {
      problems.add(String.valueOf(e.getMessage()));
    }
  }

  private void add(JsonNode event) throws UnreadableEventException {
    if (event.path("s3").isObject()) {
      addNotification(event);
    } else if (event.path("source").asText().equals("aws.s3")) {
      addFromEventBridge(event);
    } else if (event.path("Sns").isObject()) {
      addFromSns(event.path("Sns"));
    } else if (event.has("TopicArn")) {
      addFromSns(event);
    } else if (event.path("Event").asText().equals("s3:TestEvent")) {
      others.add("TestEvent");
    } else {
      throw new UnreadableEventException(
          "expected an event of S3, by itself or through SQS, SNS or EventBridge, found "
              + source(event));
    }
  }

  private static String source(JsonNode event) {
    for (String field : List.of("eventSource", "EventSource", "source")) {
      if (event.path(field).isTextual()) {
        return "one of " + Quoted.of(event.path(field).asText());
      }
    }
    return "none";
  }

  private void addFromSns(JsonNode sns) throws UnreadableEventException {
    String type = text(sns, "Type", "a message of SNS");
    if (type.equals("Notification")) {
      addText(text(sns, "Message", "a notification of SNS"));
    } else if (type.equals("SubscriptionConfirmation")) {
      throw new UnreadableEventException(
          "the topic %s wants its subscription confirmed at %s"
              .formatted(
                  Quoted.of(sns.path("TopicArn").asText()),
                  Quoted.of(sns.path("SubscribeURL").asText())));
    } else {
      throw new UnreadableEventException(
          "expected a Notification of SNS, found " + Quoted.of(type));
    }
  }

  private void addNotification(JsonNode record) throws UnreadableEventException {
    String name = text(record, "eventName", "an S3 record").replaceFirst("^s3:", "");
    String family = name.replaceFirst(":.*", "");
    if (family.equals("ObjectCreated")) {
      images.add(created(record.path("s3")));
    } else if (OTHERS.contains(family)) {
      others.add(name);
    } else {
      throw new UnreadableEventException(
          "%s is not the name of an event of S3".formatted(Quoted.of(name)));
    }
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

  private void addFromEventBridge(JsonNode event) throws UnreadableEventException {
    String type = text(event, "detail-type", "an EventBridge event");
    JsonNode detail = event.path("detail");
    if (type.equals("Object Created")) {
      JsonNode object = detail.path("object");
      images.add(
          new ImageEvent(
              text(detail.path("bucket"), "name", "detail.bucket of an EventBridge event"),
              text(object, "key", "detail.object of an EventBridge event"),
              object.path("sequencer").asText()));
    } else if (type.equals("AWS API Call via CloudTrail")) {
      addCall(detail);
    } else {
      others.add(type);
    }
  }

  private void addCall(JsonNode call) throws UnreadableEventException {
    String name = text(call, "eventName", "detail of CloudTrail");
    if (!CALLS_THAT_UPLOAD.contains(name) || call.hasNonNull("errorCode")) {
      others.add(name);
      return;
    }
    String where = "detail.requestParameters of CloudTrail";
    JsonNode parameters = call.path("requestParameters");
    images.add(
        new ImageEvent(text(parameters, "bucketName", where), text(parameters, "key", where), ""));
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
