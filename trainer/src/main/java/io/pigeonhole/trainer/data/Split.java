package io.pigeonhole.trainer.data;

import java.util.stream.IntStream;

/**
 * The training images in two parts: one to learn from, one held out to choose by (temperature,
 * threshold, recipe). Always the same for the same images.
 *
 * @param train nineteen in twenty
 * @param heldOut one in twenty, evenly over the set
 */
record Split(Images train, Images heldOut) {

  private static final int ONE_IN = 20;

  /** Splits a set of at least twenty images. */
  static Split of(Images images) {
    return new Split(
        images.only(IntStream.range(0, images.count()).filter(i -> i % ONE_IN != 0).toArray()),
        images.only(IntStream.range(0, images.count()).filter(i -> i % ONE_IN == 0).toArray()));
  }
}
