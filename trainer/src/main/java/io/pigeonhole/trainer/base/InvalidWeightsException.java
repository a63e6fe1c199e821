package io.pigeonhole.trainer.base;

import java.io.IOException;

/** A file has not the weights of a network; the message names it, what was expected and found. */
public final class InvalidWeightsException extends IOException {

  public InvalidWeightsException(String message) {
    super(message);
  }

  public InvalidWeightsException(String message, Throwable cause) {
    super(message, cause);
  }
}
