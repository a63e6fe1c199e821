package io.pigeonhole.config;

import java.io.Serial;

/** A setting is missing or malformed. The message names it and says what was expected. */
public final class InvalidSettingException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  public InvalidSettingException(String message) {
    super(message);
  }
}
