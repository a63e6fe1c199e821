package io.pigeonhole.label;

import java.util.List;

/** What the label function is invoked with. */
sealed interface LabelEvent {

  /** An event of S3 or EventBridge itself. */
  record Direct(List<ImageEvent> images) implements LabelEvent {}

  /** A batch of a queue. */
  record Queued(List<Message> messages) implements LabelEvent {}

  /**
   * A message of a queue.
   *
   * @param problem why its body cannot be read; empty if it can
   */
  record Message(String id, List<ImageEvent> images, String problem) {}
}
