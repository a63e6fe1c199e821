package io.pigeonhole.model;

/** A manifest that cannot be understood; the message names the field and what is expected of it. */
public final class InvalidManifestException extends Exception {
  private static final long serialVersionUID = 1L;

  InvalidManifestException(String message) {
    super(message);
  }

  InvalidManifestException(String message, Throwable cause) {
    super(message, cause);
  }
}
