package io.pigeonhole.trainer.training;

/** The run was asked to stop, and has kept a checkpoint. */
public final class StoppedException extends Exception {

  private StoppedException(String what, long done, long total) {
    super(
        "stopped at %s %d of %d; the same command goes on from there".formatted(what, done, total));
  }

  StoppedException(long step, long total) {
    this("step", step, total);
  }

  /** While features are computed, image after image. */
  public static StoppedException amongFeatures(long image, long total) {
    return new StoppedException("image", image, total);
  }
}
