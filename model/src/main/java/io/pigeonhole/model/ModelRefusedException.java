package io.pigeonhole.model;

/** A model that must not be served: its files are not what its manifest says, or not harmless. */
public sealed class ModelRefusedException extends Exception permits OtherAnswersException {
  private static final long serialVersionUID = 1L;

  public ModelRefusedException(String message) {
    super(message);
  }

  public ModelRefusedException(String message, Throwable cause) {
    super(message, cause);
  }
}
