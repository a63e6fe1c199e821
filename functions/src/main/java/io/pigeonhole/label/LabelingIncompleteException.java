package io.pigeonhole.label;

import java.io.Serial;

/** Some images of a direct invocation are to be tried again: Lambda does, if it fails. */
final class LabelingIncompleteException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  LabelingIncompleteException(String message) {
    super(message);
  }
}
