package io.pigeonhole.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import io.pigeonhole.testkit.HttpStub;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The function that labels asks its queue for messages again that are to be tried again. */
class RedeliveryIT {
  private static final String URL = "http://sqs.us-east-1.amazonaws.com/123456789012/images";

  /** What SQS was asked for. */
  private static final Queue<JsonNode> ASKED = new ConcurrentLinkedQueue<>();

  @TempDir private static Path data;
  @AutoClose private static final HttpStub SQS = new HttpStub(RedeliveryIT::answer);
  @AutoClose private static FaultyS3 faulty;
  @AutoClose private static LabelAlone images;
  private static volatile int status = 200;

  @BeforeAll
  static void start() throws Exception {
    images =
        new LabelAlone(
            data,
            RedeliveryIT::between,
            told -> {
              told.put("PIGEONHOLE_LABEL_QUEUE", URL);
              told.put("AWS_ENDPOINT_URL_SQS", SQS.uri().toString());
            },
            System.out::println);
    faulty.inject(
        (method, path) ->
            path.contains("unlucky") ? Optional.of(FaultyS3.Fault.SLOW_DOWN) : Optional.empty());
  }

  private static URI between(URI s3) {
    faulty = new FaultyS3(s3);
    return faulty.endpoint();
  }

  /**
   * What SQS says of <a
   * href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibilityBatch.html">that
   * request</a>.
   */
  private static void answer(HttpExchange exchange) throws IOException {
    assertThat(exchange.getRequestHeaders().getFirst("X-Amz-Target"))
        .isEqualTo("AmazonSQS.ChangeMessageVisibilityBatch");
    JsonNode asked = LabelAlone.JSON.readTree(exchange.getRequestBody().readAllBytes());
    ASKED.add(asked);
    ObjectNode done = LabelAlone.JSON.createObjectNode();
    ArrayNode successful = done.putArray("Successful");
    asked.path("Entries").forEach(e -> successful.addObject().set("Id", e.path("Id")));
    exchange.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.0");
    HttpStub.send(exchange, status, LabelAlone.JSON.writeValueAsBytes(done));
  }

  @AfterEach
  void forget() {
    ASKED.clear();
    status = 200;
  }

  @Test
  void asksForTheFailedOfABatchAfterAMinuteAndLaterEachTime() throws Exception {
    JsonNode answer =
        label(
            message("good", 1, images.upload("good.jpg", Scenes.jpeg("cat"))),
            message("first", 1, images.upload("unlucky-1.jpg", Scenes.jpeg("dog"))),
            message("third", 3, images.upload("unlucky-3.jpg", Scenes.jpeg("dog"))),
            message("last", 19, images.upload("unlucky-19.jpg", Scenes.jpeg("dog"))));
    assertThat(answer.path("batchItemFailures").findValuesAsString("itemIdentifier"))
        .containsExactly("first", "third", "last");
    assertThat(ASKED).hasSize(1);
    JsonNode asked = ASKED.remove();
    assertThat(asked.path("QueueUrl").asString()).isEqualTo(URL);
    assertThat(asked.path("Entries").findValuesAsString("ReceiptHandle"))
        .containsExactly("first's receipt", "third's receipt", "last's receipt");
    assertThat(asked.path("Entries").findValues("VisibilityTimeout"))
        .map(JsonNode::asInt)
        .containsExactly(60, 240, 900);
  }

  @Test
  void asksForTenAtOnce() throws Exception {
    ObjectNode unlucky = images.upload("unlucky-batch.jpg", Scenes.jpeg("dog"));
    label(
        IntStream.range(0, 23)
            .mapToObj(i -> message("m" + i, 1, unlucky))
            .toArray(ObjectNode[]::new));
    assertThat(ASKED).map(asked -> asked.path("Entries").size()).containsExactly(10, 10, 3);
  }

  @Test
  void asksForNothingWhenAllIsDone() throws Exception {
    label(message("good", 1, images.upload("good-too.jpg", Scenes.jpeg("ship"))));
    assertThat(ASKED).isEmpty();
  }

  @Test
  void handsBackWhatFailedAlthoughTheQueueDoesNotAnswer() throws Exception {
    status = 500;
    long start = System.nanoTime();
    JsonNode answer =
        label(
            message("good", 1, images.upload("good-still.jpg", Scenes.jpeg("cat"))),
            message("bad", 1, images.upload("unlucky-still.jpg", Scenes.jpeg("dog"))));
    assertThat(answer.path("batchItemFailures").findValuesAsString("itemIdentifier"))
        .containsExactly("bad");
    assertThat(ASKED).isNotEmpty();
    assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start)).isLessThan(30);
  }

  private static ObjectNode message(String id, int receives, ObjectNode event) {
    ObjectNode message = LabelAlone.JSON.createObjectNode();
    message
        .put("messageId", id)
        .put("receiptHandle", id + "'s receipt")
        .put("eventSource", "aws:sqs")
        .put("body", event.toString())
        .putObject("attributes")
        .put("ApproximateReceiveCount", String.valueOf(receives));
    return message;
  }

  private static JsonNode label(ObjectNode... messages) throws Exception {
    ObjectNode event = LabelAlone.JSON.createObjectNode();
    event.putArray("Records").addAll(List.of(messages));
    return images.answer(event);
  }
}
