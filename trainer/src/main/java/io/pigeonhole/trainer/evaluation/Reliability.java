package io.pigeonhole.trainer.evaluation;

import java.util.ArrayList;
import java.util.List;

/** How often labels of a confidence are right. */
public final class Reliability {

  /** Bins of equal width over which the calibration error is averaged. */
  static final int BINS = 15;

  private Reliability() {}

  /**
   * Labels of about the same confidence.
   *
   * @param confidence mean, 0 to 1
   * @param accuracy share of them that is right, 0 to 1
   * @param count of them, 1 or more
   */
  public record Bin(double confidence, double accuracy, int count) {}

  /**
   * The bins that are not empty, by confidence.
   *
   * @param probabilities {@code [images][classes]}
   * @param labels the right class of each
   */
  public static List<Bin> of(float[][] probabilities, int[] labels) {
    double[] confidences = new double[BINS];
    int[] hits = new int[BINS];
    int[] counts = new int[BINS];
    for (int i = 0; i < labels.length; i++) {
      int guess = Evaluation.best(probabilities[i]);
      double confidence = probabilities[i][guess];
      int bin = Math.min(BINS - 1, (int) (confidence * BINS));
      confidences[bin] += confidence;
      hits[bin] += guess == labels[i] ? 1 : 0;
      counts[bin]++;
    }
    List<Bin> bins = new ArrayList<>();
    for (int bin = 0; bin < BINS; bin++) {
      if (counts[bin] > 0) {
        bins.add(
            new Bin(confidences[bin] / counts[bin], (double) hits[bin] / counts[bin], counts[bin]));
      }
    }
    return bins;
  }

  /** Mean distance between confidence and accuracy (arXiv:1706.04599), 0 to 1. */
  public static double error(float[][] probabilities, int[] labels) {
    return of(probabilities, labels).stream()
            .mapToDouble(bin -> bin.count() * Math.abs(bin.accuracy() - bin.confidence()))
            .sum()
        / Math.max(1, labels.length);
  }
}
