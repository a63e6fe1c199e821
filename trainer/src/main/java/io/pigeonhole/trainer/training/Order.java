package io.pigeonhole.trainer.training;

import io.pigeonhole.trainer.recipe.Balance;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** In which order an epoch shows the images. */
final class Order {

  private Order() {}

  /**
   * The places of the images of an epoch.
   *
   * @param labels of all images
   * @param count images that the epoch shows; more than there are begin again
   */
  static int[] of(int[] labels, Balance balance, int count, long seed, int epoch) {
    SplittableRandom random = new SplittableRandom(seed * 7_368_787 + epoch);
    if (balance == Balance.SAMPLING) {
      return evenly(labels, count, random);
    }
    return shuffled(IntStream.range(0, labels.length).toArray(), random);
  }

  /** Class after class has its turn; the images of each come in a random order, again and again. */
  private static int[] evenly(int[] labels, int count, SplittableRandom random) {
    List<int[]> classes = new ArrayList<>();
    for (int label = 0; label <= IntStream.of(labels).max().orElse(-1); label++) {
      int wanted = label;
      int[] members = IntStream.range(0, labels.length).filter(i -> labels[i] == wanted).toArray();
      if (members.length > 0) {
        classes.add(shuffled(members, random));
      }
    }
    int[] order = new int[count];
    for (int i = 0; i < count; i++) {
      int[] members = classes.get(i % classes.size());
      order[i] = members[i / classes.size() % members.length];
    }
    return shuffled(order, random);
  }

  private static int[] shuffled(int[] places, SplittableRandom random) {
    int[] order = new int[places.length];
    for (int i = 0; i < order.length; i++) {
      int other = random.nextInt(i + 1);
      order[i] = order[other];
      order[other] = places[i];
    }
    return order;
  }
}
