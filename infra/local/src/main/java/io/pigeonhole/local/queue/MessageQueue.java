package io.pigeonhole.local.queue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/**
 * A queue as SQS has it, in a folder: a received message comes back unless it is deleted in time,
 * and is put aside as a dead letter when it came back too often. Receives are counted since the
 * start of the process. Thread-safe.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html">Visibility
 *     timeout</a>
 * @see <a
 *     href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html">Dead-letter
 *     queues</a>
 */
public final class MessageQueue {
  /** At which a message is put aside. */
  public static final int MAX_RECEIVES = 3;

  private final QueueFolder folder;
  private final Duration visibility;
  private final Duration backoff;
  private final Clock clock;
  private final PriorityQueue<Entry> waiting =
      new PriorityQueue<>(
          Comparator.comparing((Entry entry) -> entry.due).thenComparing(e -> e.message.id()));
  private final Map<String, Entry> inFlight = new HashMap<>();

  private long sent;

  private static final class Entry {
    final Message message;
    int receives;

    /** When it may be received, or, in flight, when it comes back. */
    Instant due;

    Entry(Message message, Instant due) {
      this.message = message;
      this.due = due;
    }
  }

  /**
   * A queue with the messages that the folder has kept.
   *
   * @param visibility after which a message that was received and not dealt with comes back
   * @param backoff the pause before the second receive of a message that failed; four times as long
   *     before the third
   */
  public MessageQueue(QueueFolder folder, Duration visibility, Duration backoff, Clock clock)
      throws IOException {
    this.folder = folder;
    this.visibility = visibility;
    this.backoff = backoff;
    this.clock = clock;
    folder.load().forEach(message -> waiting.add(new Entry(message, Instant.EPOCH)));
  }

  /** Adds an event; on return it survives the process. */
  public synchronized void send(ObjectNode event) {
    Instant now = clock.instant();
    String id =
        String.format(Locale.ROOT, "%013d-%06d-%s", now.toEpochMilli(), sent++, UUID.randomUUID());
    Message message = new Message(id, now, event);
    try {
      folder.keep(message);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot queue an event: " + e.getMessage(), e);
    }
    waiting.add(new Entry(message, now));
    notifyAll();
  }

  /** How many messages are not dealt with. */
  public synchronized int size() {
    return waiting.size() + inFlight.size();
  }

  /**
   * Waits for messages.
   *
   * @param max the most to return
   * @param window how long to wait for more once there is one
   * @return at least one; a message on its last receive comes alone, so that one that kills its
   *     reader takes no neighbour with it
   */
  public synchronized List<Received> receive(int max, Duration window) throws InterruptedException {
    awaitDue();
    Instant end = clock.instant().plus(window);
    while (due() < max && clock.instant().isBefore(end)) {
      pause(Duration.between(clock.instant(), end));
    }
    List<Received> batch = new ArrayList<>();
    Instant now = clock.instant();
    while (batch.size() < max && !waiting.isEmpty() && !waiting.peek().due.isAfter(now)) {
      boolean last = waiting.peek().receives == MAX_RECEIVES - 1;
      if (last && !batch.isEmpty()) {
        break;
      }
      batch.add(received(waiting.poll(), now));
      if (last) {
        break;
      }
    }
    return batch;
  }

  private void awaitDue() throws InterruptedException {
    while (true) {
      takeBackOverdue();
      if (due() > 0) {
        return;
      }
      Optional<Instant> next = nextDue();
      if (next.isEmpty()) {
        wait();
      } else {
        pause(Duration.between(clock.instant(), next.get()));
      }
    }
  }

  private void pause(Duration duration) throws InterruptedException {
    TimeUnit.MILLISECONDS.timedWait(this, Math.max(1, duration.toMillis()));
  }

  private long due() {
    Instant now = clock.instant();
    return waiting.stream().filter(entry -> !entry.due.isAfter(now)).count();
  }

  private Optional<Instant> nextDue() {
    return Stream.concat(waiting.stream(), inFlight.values().stream())
        .map(entry -> entry.due)
        .min(Comparator.naturalOrder());
  }

  private void takeBackOverdue() {
    Instant now = clock.instant();
    List<Entry> overdue =
        inFlight.values().stream().filter(entry -> !entry.due.isAfter(now)).toList();
    for (Entry entry : overdue) {
      failed(entry.message.id(), "no answer within " + visibility.toSeconds() + " s");
    }
  }

  private Received received(Entry entry, Instant now) {
    entry.receives++;
    entry.due = now.plus(visibility);
    inFlight.put(entry.message.id(), entry);
    return new Received(entry.message, entry.receives);
  }

  /** The message is dealt with. */
  public synchronized void delete(String messageId) {
    Entry entry = inFlight.remove(messageId);
    if (entry == null) {
      return;
    }
    try {
      folder.forget(entry.message);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete message " + messageId, e);
    }
  }

  /**
   * The message could not be dealt with: it comes back after a pause, or becomes a dead letter.
   *
   * @return true when it became a dead letter
   */
  public synchronized boolean failed(String messageId, String error) {
    Entry entry = inFlight.remove(messageId);
    if (entry == null) {
      return false;
    }
    Instant now = clock.instant();
    if (entry.receives < MAX_RECEIVES) {
      entry.due = now.plus(backoff.multipliedBy(1L << (2 * (entry.receives - 1))));
      waiting.add(entry);
      notifyAll();
      return false;
    }
    try {
      folder.bury(entry.message, entry.receives, error, now);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the dead letter " + messageId, e);
    }
    return true;
  }
}
