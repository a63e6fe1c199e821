package io.pigeonhole.inference;

import java.io.Serial;

/** No model is in memory, and none could be loaded. Another try may help. */
public final class ModelUnavailableException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  ModelUnavailableException(String message) {
    super(message);
  }
}
