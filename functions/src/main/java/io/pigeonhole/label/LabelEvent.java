package io.pigeonhole.label;

import java.util.List;

/** What the label function is invoked with. */
sealed interface LabelEvent {

  /** An event of S3, SNS or EventBridge itself. */
  record Direct(Contents contents) implements LabelEvent {}

  /** A batch of a queue. */
  record Queued(List<Message> messages) implements LabelEvent {}

  /**
   * A message of a queue.
   *
   * @param receiptHandle by which the queue knows this delivery of it
   * @param receives how often it was delivered, this time included
   * @param body as it came
   */
  record Message(String id, String receiptHandle, int receives, String body, Contents contents) {}

  /**
   * What an event or a message tells of.
   *
   * @param others the names of events of S3 that are no uploads: removals, tags, the test event
   * @param problems what of it cannot be read, and why; the rest can
   */
  record Contents(List<ImageEvent> images, List<String> others, List<String> problems) {}
}
