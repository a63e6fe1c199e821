package io.pigeonhole.trainer.evaluation;

import io.pigeonhole.model.Metrics;
import io.pigeonhole.model.Metrics.ClassMetrics;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Computes a model's metrics from the probabilities that it gave to labeled images. */
public final class Evaluation {

  /** The matrix is in a manifest, which every function reads. */
  private static final int MOST_CLASSES_OF_A_MATRIX = 50;

  /** A probability of zero would make the loss infinite by one image. */
  private static final double SMALLEST = 1e-12;

  private Evaluation() {}

  /**
   * Measures a model on images.
   *
   * @param probabilities {@code [images][classes]}
   * @param labels the right class of each image
   * @param classes names
   * @param temperature that has gone into the probabilities; NaN if that is not known
   */
  public static Metrics of(
      float[][] probabilities, int[] labels, List<String> classes, double temperature) {
    int[][] confusion = confusion(probabilities, labels, classes.size());
    double loss = 0;
    for (int i = 0; i < labels.length; i++) {
      loss -= Math.log(Math.max(SMALLEST, probabilities[i][labels[i]]));
    }
    Map<String, ClassMetrics> perClass = new LinkedHashMap<>();
    for (int label = 0; label < classes.size(); label++) {
      perClass.put(classes.get(label), ofClass(confusion, label));
    }
    return new Metrics(
        accuracy(probabilities, labels),
        loss / labels.length,
        Reliability.error(probabilities, labels),
        Double.isNaN(temperature)
            ? OptionalDouble.empty()
            : OptionalDouble.of(
                Reliability.error(TemperatureScaling.without(probabilities, temperature), labels)),
        perClass,
        classes.size() > MOST_CLASSES_OF_A_MATRIX ? List.of() : lists(confusion));
  }

  /**
   * Counts images by class and by the class that they were given.
   *
   * @return {@code [right class][given class]}
   */
  public static int[][] confusion(float[][] probabilities, int[] labels, int classes) {
    int[][] confusion = new int[classes][classes];
    for (int i = 0; i < labels.length; i++) {
      confusion[labels[i]][best(probabilities[i])]++;
    }
    return confusion;
  }

  private static List<List<Integer>> lists(int[][] confusion) {
    return Arrays.stream(confusion).map(row -> Arrays.stream(row).boxed().toList()).toList();
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
