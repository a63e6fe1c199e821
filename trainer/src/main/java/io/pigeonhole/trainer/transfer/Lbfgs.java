package io.pigeonhole.trainer.transfer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Limited-memory BFGS (D. Liu, J. Nocedal, Mathematical Programming 45, 1989), with backtracking
 * until the step is worth its length (Armijo). For a smooth function of some thousands of numbers,
 * it gets in dozens of evaluations where gradient descent needs thousands, and nothing is random.
 */
final class Lbfgs {

  private static final int MEMORY = 10;
  private static final double ARMIJO = 1e-4;
  private static final double SHORTEST = 1e-10;

  /** A minimum is found when the value no longer changes by more than this part of itself. */
  private static final double STILL = 1e-6;

  private Lbfgs() {}

  /** What is minimised. */
  @FunctionalInterface
  interface Objective {

    /**
     * The value at a place.
     *
     * @param gradient zeros, to which the gradient is added
     */
    double value(double[] place, double[] gradient);
  }

  /** Two differences between neighbouring places. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Pair(double[] step, double[] change, double product) {}

  /**
   * Finds a minimum.
   *
   * @param start where to begin; not changed
   * @param most steps
   */
  static double[] minimum(Objective objective, double[] start, int most) {
    double[] place = start.clone();
    double[] gradient = new double[place.length];
    double value = objective.value(place, gradient);
    Deque<Pair> pairs = new ArrayDeque<>();
    int still = 0;
    for (int step = 0; step < most && still < 2; step++) {
      double[] direction = direction(gradient, pairs);
      double slope = product(direction, gradient);
      double length = pairs.isEmpty() ? Math.min(1, 1 / Math.sqrt(-slope)) : 1;
      double[] next = place;
      double[] nextGradient = gradient;
      double nextValue = Double.POSITIVE_INFINITY;
      while (!(nextValue <= value + ARMIJO * length * slope) && length > SHORTEST) {
        next = moved(place, direction, length);
        nextGradient = new double[place.length];
        nextValue = objective.value(next, nextGradient);
        length /= 2;
      }
      if (!(nextValue < value)) {
        break;
      }
      remember(pairs, difference(next, place), difference(nextGradient, gradient));
      still = value - nextValue <= STILL * Math.max(Math.abs(value), STILL) ? still + 1 : 0;
      place = next;
      gradient = nextGradient;
      value = nextValue;
    }
    return place;
  }

  private static void remember(Deque<Pair> pairs, double[] step, double[] change) {
    double product = product(step, change);
    if (product > 0) { // else the curvature would not be that of a minimum
      pairs.addLast(new Pair(step, change, product));
      if (pairs.size() > MEMORY) {
        pairs.removeFirst();
      }
    }
  }

  private static double[] direction(double[] gradient, Deque<Pair> pairs) {
    double[] direction = gradient.clone();
    List<Pair> oldestFirst = new ArrayList<>(pairs);
    double[] parts = new double[oldestFirst.size()];
    for (int i = parts.length - 1; i >= 0; i--) {
      Pair pair = oldestFirst.get(i);
      parts[i] = product(pair.step(), direction) / pair.product();
      add(direction, pair.change(), -parts[i]);
    }
    if (parts.length > 0) {
      Pair last = pairs.getLast();
      double scale = last.product() / product(last.change(), last.change());
      for (int i = 0; i < direction.length; i++) {
        direction[i] *= scale;
      }
    }
    for (int i = 0; i < parts.length; i++) {
      Pair pair = oldestFirst.get(i);
      add(direction, pair.step(), parts[i] - product(pair.change(), direction) / pair.product());
    }
    for (int i = 0; i < direction.length; i++) {
      direction[i] = -direction[i];
    }
    return direction;
  }

  private static double product(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static void add(double[] sum, double[] summand, double factor) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += factor * summand[i];
    }
  }

  private static double[] moved(double[] place, double[] direction, double length) {
    double[] next = place.clone();
    add(next, direction, length);
    return next;
  }

  private static double[] difference(double[] a, double[] b) {
    double[] result = a.clone();
    add(result, b, -1);
    return result;
  }
}
