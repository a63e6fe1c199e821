package io.pigeonhole.model;

/** A model that this machine computes otherwise than the one that measured it. */
public final class OtherAnswersException extends ModelRefusedException {
  private static final long serialVersionUID = 1L;

  OtherAnswersException(String message) {
    super(message);
  }
}
