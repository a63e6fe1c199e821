package io.pigeonhole.local.queue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pigeonhole.local.events.DocumentedShapes;
import io.pigeonhole.local.lambda.Outcome;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class QueueReaderTest {
  private static final JsonMapper JSON = JsonMapper.shared();

  @TempDir Path data;
  private final BlockingQueue<JsonNode> invocations = new LinkedBlockingQueue<>();
  private final BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> log = new LinkedBlockingQueue<>();
  private MessageQueue queue;
  private QueueReader reader;

  @BeforeEach
  void start() throws Exception {
    queue =
        new MessageQueue(
            new QueueFolder(data),
            Duration.ofSeconds(60),
            Duration.ofMillis(10),
            Clock.systemUTC());
    reader =
        new QueueReader(queue, "arn:aws:sqs:us-east-1:000000000000:images", this::call, log::add);
  }

  @AfterEach
  void stop() {
    reader.close();
  }

  private CompletableFuture<Outcome> call(byte[] event) {
    invocations.add(JSON.readTree(event));
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return outcomes.take();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        });
  }

  @Test
  void wrapsEventsAsSqsDoes() throws Exception {
    send("a");
    reader.start();
    JsonNode event = next();
    assertThat(DocumentedShapes.problems("sqs", event.toString())).isEmpty();
    JsonNode record = event.at("/Records/0");
    assertThat(record.at("/eventSource").asString()).isEqualTo("aws:sqs");
    assertThat(record.at("/eventSourceARN").asString())
        .isEqualTo("arn:aws:sqs:us-east-1:000000000000:images");
    assertThat(record.at("/messageId").asString()).isNotEmpty();
    assertThat(record.at("/body").asString()).isEqualTo("{\"name\":\"a\"}");
    assertThat(record.at("/md5OfBody").asString()).isEqualTo("88148e411b9b424a2e0ddf108cb02baa");
    assertThat(record.at("/attributes/ApproximateReceiveCount").asString()).isEqualTo("1");
    outcomes.add(responded("{\"batchItemFailures\":[]}"));
    awaitEmpty();
  }

  @Test
  void deliversAgainJustTheItemThatFailed() throws Exception {
    send("a", "b", "c");
    reader.start();
    JsonNode batch = next();
    assertThat(bodies(batch)).containsExactly("a", "b", "c");
    String second = batch.at("/Records/1/messageId").asString();
    outcomes.add(responded("{\"batchItemFailures\":[{\"itemIdentifier\":\"" + second + "\"}]}"));
    JsonNode again = next();
    assertThat(bodies(again)).containsExactly("b");
    assertThat(again.at("/Records/0/attributes/ApproximateReceiveCount").asString()).isEqualTo("2");
    outcomes.add(responded("null"));
    awaitEmpty();
  }

  @Test
  void deliversTheWholeBatchAgainWhenTheFunctionFails() throws Exception {
    send("a", "b");
    reader.start();
    next();
    outcomes.add(new Outcome.Failed("Runtime.ExitError", "gone"));
    assertThat(bodies(next())).containsExactlyInAnyOrder("a", "b");
    outcomes.add(responded(""));
    awaitEmpty();
  }

  @Test
  void givesUpAfterTheThirdFailureAndSaysSo() throws Exception {
    send("a");
    reader.start();
    for (int i = 0; i < 3; i++) {
      next();
      outcomes.add(new Outcome.Failed("Boom", "again"));
    }
    assertThat(log.poll(5, TimeUnit.SECONDS)).contains("gave up").contains("Boom: again");
    assertThat(queue.size()).isZero();
  }

  private void send(String... names) {
    for (String name : names) {
      queue.send(JSON.createObjectNode().put("name", name));
    }
  }

  private JsonNode next() throws InterruptedException {
    JsonNode event = invocations.poll(5, TimeUnit.SECONDS);
    assertThat(event).as("an invocation").isNotNull();
    return event;
  }

  private static List<String> bodies(JsonNode event) {
    return StreamSupport.stream(event.path("Records").spliterator(), false)
        .map(record -> JSON.readTree(record.path("body").asString()).path("name").asString())
        .toList();
  }

  private static Outcome responded(String json) {
    return new Outcome.Responded(json.getBytes(UTF_8));
  }

  private void awaitEmpty() throws InterruptedException {
    for (int i = 0; i < 500 && queue.size() > 0; i++) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    assertThat(queue.size()).isZero();
  }
}
