package io.pigeonhole.trainer.evaluation;

import io.pigeonhole.model.Metrics;
import io.pigeonhole.model.Metrics.ClassMetrics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Computes a model's metrics from the probabilities that it gave to labeled images. */
public final class Evaluation {

  /** Bins of confidence over which the calibration error is averaged. */
  private static final int BINS = 15;

  /** A probability of zero would make the loss infinite by one image. */
  private static final double SMALLEST = 1e-12;

  private Evaluation() {}

  /**
   * Measures a model on images.
   *
   * @param probabilities {@code [images][classes]}
   * @param labels the right class of each image
   * @param classes names
   */
  public static Metrics of(float[][] probabilities, int[] labels, List<String> classes) {
    int[][] confusion = new int[classes.size()][classes.size()];
    double loss = 0;
    for (int i = 0; i < labels.length; i++) {
      confusion[labels[i]][best(probabilities[i])]++;
      loss -= Math.log(Math.max(SMALLEST, probabilities[i][labels[i]]));
    }
    Map<String, ClassMetrics> perClass = new LinkedHashMap<>();
    for (int label = 0; label < classes.size(); label++) {
      perClass.put(classes.get(label), ofClass(confusion, label));
    }
    return new Metrics(
        accuracy(probabilities, labels),
        loss / labels.length,
        calibrationError(probabilities, labels),
        perClass);
  }

  private static ClassMetrics ofClass(int[][] confusion, int label) {
    int hits = confusion[label][label];
    int samples = 0;
    int guesses = 0;
    for (int other = 0; other < confusion.length; other++) {
      samples += confusion[label][other];
      guesses += confusion[other][label];
    }
    double precision = ratio(hits, guesses);
    double recall = ratio(hits, samples);
    double f1 = hits == 0 ? 0 : 2 * precision * recall / (precision + recall);
    return new ClassMetrics(precision, recall, f1, samples);
  }

  private static double ratio(int part, int whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }

  /** Mean distance between confidence and accuracy over bins of equal width (arXiv:1706.04599). */
  static double calibrationError(float[][] probabilities, int[] labels) {
    double[] confidences = new double[BINS];
    int[] hits = new int[BINS];
    for (int i = 0; i < labels.length; i++) {
      int guess = best(probabilities[i]);
      double confidence = probabilities[i][guess];
      int bin = Math.min(BINS - 1, (int) (confidence * BINS));
      confidences[bin] += confidence;
      hits[bin] += guess == labels[i] ? 1 : 0;
    }
    double error = 0;
    for (int bin = 0; bin < BINS; bin++) {
      error += Math.abs(hits[bin] - confidences[bin]);
    }
    return error / labels.length;
  }

  /**
   * Part of the images whose greatest score is that of the right class.
   *
   * @param scores or probabilities, {@code [images][classes]}
   */
  public static double accuracy(float[][] scores, int[] labels) {
    int correct = 0;
    for (int i = 0; i < labels.length; i++) {
      correct += best(scores[i]) == labels[i] ? 1 : 0;
    }
    return (double) correct / labels.length;
  }

  /** The most probable class; the first of those that tie. */
  public static int best(float[] probabilities) {
    int best = 0;
    for (int i = 1; i < probabilities.length; i++) {
      if (probabilities[i] > probabilities[best]) {
        best = i;
      }
    }
    return best;
  }
}
