package io.pigeonhole.local.queue;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Messages as Lambda hands them to a function.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html#example-standard-queue-message-event">Example
 *     event</a>
 */
final class SqsEvent {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final String queueArn;

  SqsEvent(String queueArn) {
    this.queueArn = queueArn;
  }

  byte[] of(List<Received> batch) {
    ObjectNode event = JSON.createObjectNode();
    ArrayNode records = event.putArray("Records");
    batch.forEach(received -> write(received, records.addObject()));
    return JSON.writeValueAsBytes(event);
  }

  private void write(Received received, ObjectNode record) {
    Message message = received.message();
    String body = message.event().toString();
    String sent = String.valueOf(message.sentAt().toEpochMilli());
    record
        .put("messageId", message.id())
        .put("receiptHandle", message.id() + "#" + received.receives())
        .put("body", body);
    record
        .putObject("attributes")
        .put("ApproximateReceiveCount", String.valueOf(received.receives()))
        .put("SentTimestamp", sent)
        .put("SenderId", "pigeonhole-local")
        .put("ApproximateFirstReceiveTimestamp", sent);
    record.putObject("messageAttributes");
    record
        .put("md5OfBody", md5(body))
        .put("eventSource", "aws:sqs")
        .put("eventSourceARN", queueArn)
        .put("awsRegion", "us-east-1");
  }

  private static String md5(String body) {
    try {
      byte[] digest =
          MessageDigest.getInstance("MD5").digest(body.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has MD5", e);
    }
  }
}
