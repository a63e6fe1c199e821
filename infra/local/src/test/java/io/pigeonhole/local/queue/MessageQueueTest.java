package io.pigeonhole.local.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.pigeonhole.testkit.SetClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class MessageQueueTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Duration VISIBILITY = Duration.ofSeconds(60);
  private static final Duration BACKOFF = Duration.ofSeconds(1);

  @TempDir Path data;
  private final SetClock clock = new SetClock();
  private MessageQueue queue;

  @BeforeEach
  void open() throws IOException {
    queue = reopened();
  }

  private MessageQueue reopened() throws IOException {
    return new MessageQueue(new QueueFolder(data), VISIBILITY, BACKOFF, clock);
  }

  @Test
  void handsMessagesOutInTheOrderOfTheirSending() throws Exception {
    send("a", "b", "c");
    assertThat(names(receive())).containsExactly("a", "b", "c");
  }

  @Test
  void handsOutAtMostABatch() throws Exception {
    for (int i = 0; i < 12; i++) {
      send("m" + i);
    }
    assertThat(receive()).hasSize(10);
    assertThat(receive()).hasSize(2);
  }

  @Test
  void waitsForTheFirstMessageAndAWindowForMore() throws Exception {
    MessageQueue real =
        new MessageQueue(new QueueFolder(data), VISIBILITY, BACKOFF, Clock.systemUTC());
    Thread sender =
        new Thread(
            () -> {
              real.send(event("a"));
              real.send(event("b"));
            });
    sender.start();
    assertThat(names(real.receive(10, Duration.ofMillis(500)))).containsExactly("a", "b");
    sender.join();
  }

  @Test
  void forgetsWhatIsDeleted() throws Exception {
    send("a");
    queue.delete(receive().get(0).message().id());
    assertThat(queue.size()).isZero();
    assertThat(reopened().size()).isZero();
  }

  @Test
  void keepsWhatIsNotDeletedOverARestart() throws Exception {
    send("a", "b", "c");
    List<Received> batch = receive();
    queue.delete(batch.get(1).message().id());
    queue = reopened();
    assertThat(names(receive())).containsExactly("a", "c");
  }

  @Test
  void handsAFailedMessageOutAgainAfterALongerPauseEachTime() throws Exception {
    send("a");
    fail(receive());
    assertThat(due()).isFalse();
    clock.advance(Duration.ofSeconds(1));
    List<Received> second = receive();
    assertThat(second.get(0).receives()).isEqualTo(2);
    fail(second);
    clock.advance(Duration.ofSeconds(3));
    assertThat(due()).isFalse();
    clock.advance(Duration.ofSeconds(1));
    assertThat(receive().get(0).receives()).isEqualTo(3);
  }

  @Test
  void handsAMessageOutAgainWhenItsReaderFallsSilent() throws Exception {
    send("a");
    receive();
    clock.advance(VISIBILITY);
    send("b");
    assertThat(names(receive())).containsExactly("b");
    clock.advance(BACKOFF);
    assertThat(names(receive())).containsExactly("a");
  }

  @Test
  void writesADeadLetterForPeopleAfterTheThirdReceive() throws Exception {
    send("a");
    for (int i = 0; i < 3; i++) {
      clock.advance(Duration.ofSeconds(10));
      fail(receive());
    }
    assertThat(queue.size()).isZero();
    assertThat(reopened().size()).isZero();
    List<Path> letters = files("dead-letters");
    assertThat(letters).hasSize(1);
    JsonNode letter = JSON.readTree(Files.readAllBytes(letters.get(0)));
    assertThat(letter.at("/event/name").asString()).isEqualTo("a");
    assertThat(letter.at("/receiveCount").asInt()).isEqualTo(3);
    assertThat(letter.at("/lastError").asString()).isEqualTo("broken");
    assertThat(Files.readAllLines(letters.get(0))).hasSizeGreaterThan(5);
  }

  @Test
  void triesADeadLetterAgainThatSomebodyMovedBack() throws Exception {
    writesADeadLetterForPeopleAfterTheThirdReceive();
    Path letter = files("dead-letters").get(0);
    Files.move(letter, data.resolve("queue").resolve(letter.getFileName()));
    queue = reopened();
    List<Received> batch = receive();
    assertThat(names(batch)).containsExactly("a");
    assertThat(batch.get(0).receives()).isEqualTo(1);
    queue.delete(batch.get(0).message().id());
    assertThat(files("queue")).isEmpty();
  }

  @Test
  void handsAMessageOutAloneTheLastTime() throws Exception {
    send("a", "b");
    fail(receive());
    clock.advance(Duration.ofSeconds(1));
    fail(receive());
    clock.advance(Duration.ofSeconds(4));
    send("c");
    assertThat(names(receive())).containsExactly("a");
    assertThat(names(receive())).containsExactly("b");
    assertThat(names(receive())).containsExactly("c");
  }

  @Test
  void putsAFileAsideThatIsNoMessage() throws Exception {
    send("a");
    Files.writeString(data.resolve("queue/0-broken.json"), "{\"messageId\":");
    Files.writeString(data.resolve("queue/1-other.json"), "[]");
    queue = reopened();
    assertThat(names(receive())).containsExactly("a");
    assertThat(files("dead-letters")).hasSize(2);
  }

  private boolean due() {
    // Another message makes the queue answer at once
    queue.send(event("probe"));
    try {
      List<Received> batch = receive();
      batch.stream()
          .filter(received -> names(List.of(received)).contains("probe"))
          .forEach(received -> queue.delete(received.message().id()));
      return batch.size() > 1;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void send(String... names) {
    for (String name : names) {
      queue.send(event(name));
      clock.advance(Duration.ofMillis(1));
    }
  }

  private static ObjectNode event(String name) {
    return JSON.createObjectNode().put("name", name);
  }

  private List<Received> receive() throws InterruptedException {
    return queue.receive(10, Duration.ZERO);
  }

  private void fail(List<Received> batch) {
    batch.forEach(received -> queue.failed(received.message().id(), "broken"));
  }

  private static List<String> names(List<Received> batch) {
    return batch.stream()
        .map(received -> received.message().event().path("name").asString())
        .toList();
  }

  private List<Path> files(String folder) throws IOException {
    try (Stream<Path> files = Files.list(data.resolve(folder))) {
      return files.toList();
    }
  }
}
