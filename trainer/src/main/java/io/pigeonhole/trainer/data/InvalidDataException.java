package io.pigeonhole.trainer.data;

/**
 * A data set or a download is not what it should be; the message names the file, what was expected
 * and found.
 */
public final class InvalidDataException extends Exception {

  public InvalidDataException(String message) {
    super(message);
  }

  public InvalidDataException(String message, Throwable cause) {
    super(message, cause);
  }
}
