package io.pigeonhole.local;

import io.pigeonhole.local.lambda.LambdaFunction;
import io.pigeonhole.local.lambda.Outcome;
import io.pigeonhole.local.s3.LocalS3;
import io.pigeonhole.local.s3.ObjectCreated;
import io.pigeonhole.local.s3.S3Event;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.model.Tag;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The function that labels, and an S3 server: events reach it only when a test delivers them. */
final class LabelAlone implements AutoCloseable {
  static final JsonMapper JSON = JsonMapper.shared();
  static final String VERSIONED = "versioned";

  private final Queue<ObjectNode> events = new ConcurrentLinkedQueue<>();
  private final S3Event notifications = new S3Event(Clock.systemUTC());
  private final LocalS3 s3;
  private final LoneFunction label;

  /**
   * Starts both.
   *
   * @param between where the function finds S3, given where it is
   */
  LabelAlone(Path data, UnaryOperator<URI> between)
      throws IOException, InterruptedException, StartException {
    this(data, between, environment -> {}, System.out::println);
  }

  /**
   * Starts both.
   *
   * @param told changes what the function is told
   * @param output takes the lines that it writes
   */
  LabelAlone(
      Path data,
      UnaryOperator<URI> between,
      Consumer<Map<String, String>> told,
      Consumer<String> output)
      throws IOException, InterruptedException, StartException {
    List<String> buckets = new ArrayList<>(Buckets.ALL);
    buckets.add(VERSIONED);
    s3 = new LocalS3(data, buckets, this::created);
    s3.client()
        .putBucketVersioning(
            put -> put.bucket(VERSIONED).versioningConfiguration(v -> v.status("Enabled")));
    LoneFunction.serve(s3.endpoint());
    label = new LoneFunction("label", between.apply(s3.endpoint()), data, told, output);
  }

  private void created(ObjectCreated object) {
    if (object.bucket().equals(Buckets.IMAGES) || object.bucket().equals(VERSIONED)) {
      events.add(notifications.of(object));
    }
  }

  S3Client s3() {
    return s3.client();
  }

  /** Where the S3 server is. */
  URI endpoint() {
    return s3.endpoint();
  }

  LambdaFunction function() {
    return label.process();
  }

  /** Uploads an image; the event of it is not delivered. */
  ObjectNode upload(String bucket, String key, byte[] image) {
    events.clear();
    s3.client().putObject(put -> put.bucket(bucket).key(key), RequestBody.fromBytes(image));
    return events.remove();
  }

  ObjectNode upload(String key, byte[] image) {
    return upload(Buckets.IMAGES, key, image);
  }

  /** The same object, as EventBridge tells of it. */
  static ObjectNode byEventBridge(ObjectNode notification) {
    JsonNode s3 = notification.at("/Records/0/s3");
    ObjectNode event = JSON.createObjectNode();
    event.put("source", "aws.s3").put("detail-type", "Object Created");
    ObjectNode detail = event.putObject("detail");
    detail.putObject("bucket").put("name", s3.at("/bucket/name").asString());
    detail
        .putObject("object")
        .put("key", s3.at("/object/key").asString())
        .put("etag", s3.at("/object/eTag").asString())
        .put("sequencer", s3.at("/object/sequencer").asString());
    return event;
  }

  /** An event, as a topic of SNS has it delivered to a queue. */
  static ObjectNode byTopic(ObjectNode event) {
    return JSON.createObjectNode()
        .put("Type", "Notification")
        .put("TopicArn", "arn:aws:sns:us-east-1:123456789012:images")
        .put("Message", event.toString());
  }

  /**
   * Delivers events as one batch of a queue.
   *
   * @return the places, from 0, of those that are to be delivered again
   */
  List<Integer> deliver(ObjectNode... batch) throws InterruptedException {
    JsonNode response = label.answer(batch(batch));
    return StreamSupport.stream(response.path("batchItemFailures").spliterator(), false)
        .map(failure -> Integer.valueOf(failure.path("itemIdentifier").asString()))
        .toList();
  }

  /** Invokes the function with events as one batch of a queue. */
  Outcome invoke(ObjectNode... batch) throws InterruptedException {
    return label.invoke(JSON.writeValueAsBytes(batch(batch)));
  }

  /** Events as one batch of a queue. */
  static ObjectNode batch(ObjectNode... events) {
    ObjectNode event = JSON.createObjectNode();
    ArrayNode records = event.putArray("Records");
    for (int i = 0; i < events.length; i++) {
      records
          .addObject()
          .put("messageId", String.valueOf(i))
          .put("eventSource", "aws:sqs")
          .put("body", events[i].toString());
    }
    return event;
  }

  /** What the function answers to an event. */
  JsonNode answer(JsonNode event) throws InterruptedException {
    return label.answer(event);
  }

  /** What the results bucket has of a key; missing where there is nothing. */
  JsonNode result(String key) {
    try {
      return JSON.readTree(
          s3.client()
              .getObjectAsBytes(get -> get.bucket(Buckets.RESULTS).key("labels/" + key + ".json"))
              .asByteArray());
    } catch (NoSuchKeyException e) {
      return JSON.missingNode();
    }
  }

  Map<String, String> tags(String bucket, String key) {
    return s3.client().getObjectTagging(get -> get.bucket(bucket).key(key)).tagSet().stream()
        .collect(Collectors.toMap(Tag::key, Tag::value));
  }

  /** The labels under which the index lists a key. */
  List<String> indexed(String key) {
    return s3
        .client()
        .listObjectsV2Paginator(list -> list.bucket(Buckets.RESULTS).prefix("by-label/"))
        .contents()
        .stream()
        .map(S3Object::key)
        .filter(index -> index.endsWith("/" + key))
        .map(index -> index.substring("by-label/".length(), index.length() - key.length() - 1))
        .toList();
  }

  static String etag(ObjectNode notification) {
    return notification.at("/Records/0/s3/object/eTag").asString();
  }

  static String sequencer(ObjectNode notification) {
    return notification.at("/Records/0/s3/object/sequencer").asString();
  }

  @Override
  public void close() {
    label.close();
    s3.close();
  }
}
