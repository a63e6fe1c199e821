package io.pigeonhole.trainer.transfer;

import java.util.Random;
import java.util.stream.IntStream;

/**
 * Which images a head is not trained on when it is tried, in turns.
 *
 * @param of each image; {@link #NEVER} for those that are always trained on
 * @param count of the folds
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Folds(int[] of, int count) {

  static final int NEVER = -1;

  /** As many as are worth their time: with five, four images in five are trained on. */
  private static final int FIVE = 5;

  /** Held-out images that are enough to choose by. */
  private static final int ENOUGH = 1000;

  /**
   * Of few images, each is held out once (five-fold cross-validation); where as many as a thousand
   * are held out anyway, these.
   *
   * @param labels of the images to train on, then of those held out
   * @param heldOut how many are held out
   */
  static Folds of(int[] labels, int heldOut, long seed) {
    int[] folds = new int[labels.length];
    if (heldOut >= ENOUGH) {
      for (int i = 0; i < folds.length; i++) {
        folds[i] = i < labels.length - heldOut ? NEVER : 0;
      }
      return new Folds(folds, 1);
    }
    int[] order = shuffled(labels.length, seed);
    int[] next = new int[max(labels) + 1];
    for (int label = 0; label < next.length; label++) {
      next[label] = label; // small classes do not all begin with the same fold
    }
    for (int image : order) {
      folds[image] = next[labels[image]]++ % FIVE;
    }
    return new Folds(folds, FIVE);
  }

  private static int max(int[] labels) {
    int max = 0;
    for (int label : labels) {
      max = Math.max(max, label);
    }
    return max;
  }

  private static int[] shuffled(int count, long seed) {
    int[] order = new int[count];
    Random random = new Random(seed);
    for (int i = 0; i < count; i++) {
      int other = random.nextInt(i + 1);
      order[i] = order[other];
      order[other] = i;
    }
    return order;
  }

  /** Those that the network in service is trained on: all but those that are only held out. */
  int[] learned() {
    return IntStream.range(0, of.length).filter(image -> count > 1 || of[image] == NEVER).toArray();
  }

  /** Whether an image is held out in one of them. */
  boolean isTried(int image) {
    return of[image] != NEVER;
  }
}
