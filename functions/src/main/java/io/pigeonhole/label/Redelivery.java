package io.pigeonhole.label;

import com.amazonaws.services.lambda.runtime.Context;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;

/**
 * Has the queue deliver messages again soon that are to be tried again: after a minute, and later
 * each time that they come, up to a quarter of an hour. Without it, they come back when the queue's
 * <a
 * href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html">visibility
 * timeout</a> ends, which has to be long enough for Lambda to try a batch several times. So they do
 * if the queue does not answer in time: a failure here costs time only.
 */
final class Redelivery {
  private static final Logger LOG = Logger.getLogger(Redelivery.class);

  private static final Duration FIRST = Duration.ofMinutes(1);
  private static final Duration LONGEST = Duration.ofMinutes(15);

  /** What SQS takes in a request. */
  private static final int AT_ONCE = 10;

  /** What the answer needs of the time that an invocation has. */
  private static final Duration TO_ANSWER = Duration.ofMillis(300);

  private static final Duration MAX_TIME = Duration.ofSeconds(5);

  private final Optional<String> queue;
  private final Supplier<SqsClient> connect;
  private Optional<SqsClient> sqs = Optional.empty();

  /**
   * For the messages of a queue.
   *
   * @param queue its URL; without one, nothing is done
   * @param connect makes what asks it, once there is something to ask for: a start has no time
   */
  Redelivery(Optional<String> queue, Supplier<SqsClient> connect) {
    this.queue = queue;
    this.connect = connect;
  }

  /** Asks for messages again, as many as there is time for. */
  synchronized void soon(List<LabelEvent.Message> messages, Context context) {
    if (queue.isEmpty() || messages.isEmpty()) {
      return;
    }
    Duration left = Duration.ofMillis(context.getRemainingTimeInMillis()).minus(TO_ANSWER);
    Deadline deadline = Deadline.in(left.compareTo(MAX_TIME) < 0 ? left : MAX_TIME);
    int asked = 0;
    try {
      SqsClient client = sqs.orElseGet(connect);
      sqs = Optional.of(client);
      while (asked < messages.size() && !deadline.isPast()) {
        int to = Math.min(asked + AT_ONCE, messages.size());
        ask(client, messages.subList(asked, to), deadline);
        asked = to;
      }
    } catch (SdkException e) {
      LOG.warnf("the queue was not asked for messages again: %s", e.getMessage());
    }
    if (asked < messages.size()) {
      LOG.warnf(
          "%d messages come again only after the queue's visibility timeout",
          messages.size() - asked);
    }
  }

  private void ask(SqsClient client, List<LabelEvent.Message> messages, Deadline deadline) {
    List<BatchResultErrorEntry> failed =
        client
            .changeMessageVisibilityBatch(
                request ->
                    request
                        .queueUrl(queue.orElseThrow())
                        .entries(messages.stream().map(Redelivery::entry).toList())
                        .overrideConfiguration(o -> o.apiCallTimeout(deadline.remaining())))
            .failed();
    if (!failed.isEmpty()) {
      LOG.warnf(
          "%d messages come again only after the queue's visibility timeout: %s",
          failed.size(), failed.get(0).message());
    }
  }

  private static ChangeMessageVisibilityBatchRequestEntry entry(LabelEvent.Message message) {
    return ChangeMessageVisibilityBatchRequestEntry.builder()
        .id(message.id())
        .receiptHandle(message.receiptHandle())
        .visibilityTimeout((int) pause(message.receives()).toSeconds())
        .build();
  }

  private static Duration pause(int receives) {
    Duration pause = FIRST;
    for (int i = 1; i < receives && pause.compareTo(LONGEST) < 0; i++) {
      pause = pause.multipliedBy(2);
    }
    return pause.compareTo(LONGEST) < 0 ? pause : LONGEST;
  }
}
