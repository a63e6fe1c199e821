package io.pigeonhole.trainer.training;

/** The run was asked to stop, and has kept a checkpoint. */
public final class StoppedException extends Exception {

  StoppedException(long step, long total) {
    super("stopped at step %d of %d; the same command goes on from there".formatted(step, total));
  }
}
