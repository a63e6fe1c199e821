package io.pigeonhole.label;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the events that the label function is invoked with: batches of <a
 * href="https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html">SQS</a>, and whatever {@link
 * UploadReader} reads.
 */
final class EventReader {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private EventReader() {}

  /**
   * Reads an event.
   *
   * @throws UnreadableEventException if it is no JSON, or a message of a queue has no id to answer
   *     with; whatever else is wrong is among the problems of the contents
   */
  static LabelEvent read(InputStream in) throws IOException, UnreadableEventException {
    JsonNode event;
    try {
      event = JSON.readTree(in);
    } catch (JacksonException e) {
      throw new UnreadableEventException("the event is not JSON: " + e.getOriginalMessage());
    }
    JsonNode records = event.path("Records");
    if (!records.path(0).path("eventSource").asText().equals("aws:sqs")) {
      return new LabelEvent.Direct(UploadReader.read(event));
    }
    List<LabelEvent.Message> messages = new ArrayList<>();
    for (JsonNode message : records) {
      String id = message.path("messageId").asText();
      if (id.isEmpty()) {
        throw new UnreadableEventException("an SQS message has no messageId");
      }
      String body = message.path("body").asText();
      messages.add(
          new LabelEvent.Message(
              id,
              message.path("receiptHandle").asText(),
              message.at("/attributes/ApproximateReceiveCount").asInt(1),
              body,
              UploadReader.read(body)));
    }
    return new LabelEvent.Queued(List.copyOf(messages));
  }
}
