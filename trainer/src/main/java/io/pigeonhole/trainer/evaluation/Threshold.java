package io.pigeonhole.trainer.evaluation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.apache.commons.statistics.interval.BinomialConfidenceInterval;

/**
 * The confidence from which on labels are trusted. It counts only if the precision of the labels
 * above it is sure enough: the lower bound of its one-sided 90% confidence interval (C. Clopper, E.
 * Pearson, Biometrika 26, 1934) has to reach the precision aimed at. For 95%, that takes 45 labels
 * that are all right, or 77 of which one is wrong.
 *
 * @param confidence 0 to 1
 * @param coverage part of the images whose confidence reaches it
 */
public record Threshold(double confidence, double coverage) {

  /** Of an interval of two sides, of which one counts. */
  private static final double ERROR = 2 * 0.1;

  private static final double MOST = 1e6;

  /** The surest labels, down to a confidence. */
  private record Surest(float confidence, int count, int right) {

    boolean reach(double precision) {
      return right >= precision * count && lowerBound(count, right) >= precision;
    }
  }

  static double lowerBound(int count, int right) {
    return BinomialConfidenceInterval.CLOPPER_PEARSON
        .fromErrorRate(count, right, ERROR)
        .getLowerBound();
  }

  /**
   * The lowest confidence from which on the labels reach a precision.
   *
   * @param probabilities {@code [images][classes]}, of images not trained on; all 0 for one that
   *     gets no label whatever the threshold is
   * @param labels the right class of each
   * @param targetPrecision 0 to 1
   * @return confidence 1 and coverage 0 if no confidence reaches it
   */
  public static Threshold of(float[][] probabilities, int[] labels, double targetPrecision) {
    Threshold found = new Threshold(1, 0);
    for (Surest surest : surestFirst(probabilities, labels)) {
      if (surest.confidence() > 0 && surest.reach(targetPrecision)) {
        found = new Threshold(surest.confidence(), (double) surest.count() / labels.length);
      }
    }
    return found;
  }

  /**
   * How many more images of the same kind it would take for a threshold, roughly: if they were
   * labeled as well as those that there are.
   *
   * @return empty if the labels are not right often enough, however sure
   */
  public static OptionalLong missing(
      float[][] probabilities, int[] labels, double targetPrecision) {
    double least = MOST;
    for (Surest surest : surestFirst(probabilities, labels)) {
      if (surest.right() > targetPrecision * surest.count()) {
        least = Math.min(least, times(surest, targetPrecision));
      }
    }
    return least < MOST
        ? OptionalLong.of((long) Math.ceil((least - 1) * labels.length))
        : OptionalLong.empty();
  }

  /** How often the same labels would be enough. */
  private static double times(Surest labels, double precision) {
    double few = 1;
    double many = 2;
    while (many < MOST / labels.count() && !isEnough(labels, many, precision)) {
      few = many;
      many *= 2;
    }
    if (!isEnough(labels, many, precision)) {
      return MOST;
    }
    while (many - few > 0.01 * few) {
      double middle = (few + many) / 2;
      if (isEnough(labels, middle, precision)) {
        many = middle;
      } else {
        few = middle;
      }
    }
    return many;
  }

  private static boolean isEnough(Surest labels, double times, double precision) {
    int count = (int) Math.ceil(labels.count() * times);
    int wrong = (int) Math.round((labels.count() - labels.right()) * times);
    return count > wrong && lowerBound(count, count - wrong) >= precision;
  }

  private static List<Surest> surestFirst(float[][] probabilities, int[] labels) {
    record Guess(float confidence, boolean right) {}
    List<Guess> guesses =
        IntStream.range(0, labels.length)
            .mapToObj(
                i -> {
                  int best = Evaluation.best(probabilities[i]);
                  return new Guess(probabilities[i][best], best == labels[i]);
                })
            .sorted(Comparator.comparingDouble(Guess::confidence).reversed())
            .toList();
    List<Surest> all = new ArrayList<>();
    int right = 0;
    for (int i = 0; i < guesses.size(); i++) {
      right += guesses.get(i).right() ? 1 : 0;
      boolean lastOfEquals =
          i + 1 == guesses.size() || guesses.get(i + 1).confidence() < guesses.get(i).confidence();
      if (lastOfEquals) {
        all.add(new Surest(guesses.get(i).confidence(), i + 1, right));
      }
    }
    return all;
  }
}
