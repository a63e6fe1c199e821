package io.pigeonhole.trainer.training;

import java.util.ArrayList;
import java.util.List;

/**
 * How far a run is, and what it has shown on the way.
 *
 * @param steps done
 * @param seconds that they took, those of interruptions not counted
 * @param epochs that are complete
 * @param lossSum of the steps since then
 * @param correct images of the steps since then that were classified rightly
 */
public record History(
    long steps, double seconds, List<Epoch> epochs, double lossSum, long correct) {

  /** Of a run that begins. */
  static final History NONE = new History(0, 0, List.of(), 0, 0);

  public History {
    epochs = List.copyOf(epochs);
  }

  /** After a further step. */
  History step(double loss, int right, double secondsSoFar) {
    return new History(steps + 1, secondsSoFar, epochs, lossSum + loss, correct + right);
  }

  /** After the last step of an epoch. */
  History epoch(Epoch complete) {
    List<Epoch> all = new ArrayList<>(epochs);
    all.add(complete);
    return new History(steps, complete.seconds(), all, 0, 0);
  }

  /** Mean loss on held-out images, one an epoch so far. */
  public List<Double> heldOutLosses() {
    return epochs.stream().map(Epoch::heldOutLoss).toList();
  }
}
