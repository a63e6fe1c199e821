package io.pigeonhole.trainer.recipe;

import java.util.OptionalInt;

/**
 * How long a run is.
 *
 * @param epochs at most
 * @param batch images a step
 * @param steps an epoch; without it, as many as show every training image once
 * @param patience epochs without a lower loss on held-out images after which the run ends, with the
 *     weights of the epoch that had the lowest; without it, the run goes to the end and its last
 *     weights count
 */
public record Length(int epochs, int batch, OptionalInt steps, OptionalInt patience) {

  /** Every training image once an epoch, to the end. */
  public static Length of(int epochs, int batch) {
    return new Length(epochs, batch, OptionalInt.empty(), OptionalInt.empty());
  }

  Length withEpochs(int number) {
    return new Length(number, batch, steps, patience);
  }

  Length withBatch(int number) {
    return new Length(epochs, number, steps, patience);
  }
}
