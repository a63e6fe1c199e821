package io.pigeonhole.local.queue;

import io.pigeonhole.local.lambda.Outcome;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Takes batches from a queue to a function, one after the other, as a Lambda event source mapping
 * with {@code ReportBatchItemFailures} does.
 */
public final class QueueReader implements AutoCloseable {
  private static final int BATCH_SIZE = 100;

  /** Long enough that files dropped together travel together, too short to be felt. */
  private static final Duration BATCH_WINDOW = Duration.ofMillis(50);

  private final MessageQueue queue;
  private final SqsEvent event;
  private final Function<byte[], CompletableFuture<Outcome>> function;
  private final Consumer<String> log;
  private final Thread thread = new Thread(this::read, "queue-reader");

  /**
   * A reader that does nothing until it is started.
   *
   * @param queueArn under which the function sees the queue
   * @param function takes an event and answers when it is done with it
   * @param log told, in a line, of each dead letter
   */
  public QueueReader(
      MessageQueue queue,
      String queueArn,
      Function<byte[], CompletableFuture<Outcome>> function,
      Consumer<String> log) {
    this.queue = queue;
    this.event = new SqsEvent(queueArn);
    this.function = function;
    this.log = log;
    thread.setDaemon(true);
  }

  /** Starts reading. */
  public void start() {
    thread.start();
  }

  private void read() {
    try {
      while (true) {
        deliverOrLeave(queue.receive(BATCH_SIZE, BATCH_WINDOW));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What fails here (a full disk) must not end the labeling: the messages come back. */
  private void deliverOrLeave(List<Received> batch) throws InterruptedException {
    try {
      deliver(batch);
    } catch (UncheckedIOException e) {
      log.accept(e.getMessage());
    }
  }

  private void deliver(List<Received> batch) throws InterruptedException {
    Set<String> ids =
        batch.stream()
            .map(received -> received.message().id())
            .collect(Collectors.toCollection(LinkedHashSet::new));
    try {
      settle(ids, function.apply(event.of(batch)).get());
    } catch (ExecutionException | CancellationException e) {
      ids.forEach(id -> fail(id, String.valueOf(e.getMessage())));
    }
  }

  private void settle(Set<String> ids, Outcome outcome) {
    if (outcome instanceof Outcome.Failed failure) {
      ids.forEach(id -> fail(id, failure.toString()));
      return;
    }
    BatchResponse response = BatchResponse.parse(((Outcome.Responded) outcome).payload(), ids);
    for (String id : ids) {
      if (response.failed().contains(id)) {
        fail(id, response.problem().orElse("the function reported this item as failed"));
      } else {
        queue.delete(id);
      }
    }
  }

  private void fail(String id, String error) {
    if (queue.failed(id, error)) {
      log.accept("gave up on message " + id + ": " + error);
    }
  }

  /** Stops reading; what is in flight stays in the queue. */
  @Override
  public void close() {
    thread.interrupt();
  }
}
