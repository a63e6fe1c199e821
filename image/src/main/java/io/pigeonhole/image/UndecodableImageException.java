package io.pigeonhole.image;

/** Bytes that give no pixels; the message says what was expected and what was found. */
public final class UndecodableImageException extends Exception {
  private static final long serialVersionUID = 1L;

  private final ImageError error;

  public UndecodableImageException(ImageError error, String message) {
    super(message);
    this.error = error;
  }

  UndecodableImageException(ImageError error, String message, Throwable cause) {
    super(message, cause);
    this.error = error;
  }

  public ImageError error() {
    return error;
  }
}
