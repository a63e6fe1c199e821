package io.pigeonhole.label;

import java.io.Serial;

/** An event is not what its source is documented to send. The message says where. */
final class UnreadableEventException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  UnreadableEventException(String message) {
    super(message);
  }
}
