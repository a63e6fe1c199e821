package io.pigeonhole.trainer.data;

/** A file that was listed cannot be read; others can. */
public final class MissingImageException extends Exception {

  MissingImageException(Throwable cause) {
    super(cause);
  }
}
