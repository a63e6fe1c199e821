package io.pigeonhole.trainer.evaluation;

/**
 * The one number by which class scores are divided so that confidence means probability (C. Guo et
 * al., arXiv:1706.04599). It changes no decision.
 */
public final class TemperatureScaling {

  private static final double LOWEST = 0.01;
  private static final double HIGHEST = 100;
  private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;
  private static final double EXACT_ENOUGH = 1e-5;

  private TemperatureScaling() {}

  /**
   * The temperature of the least loss, found by golden sections of its logarithm. One image more,
   * as it were, speaks for temperature 1: a few images that all are labeled rightly would make
   * every confidence 1.
   *
   * @param scores before the softmax, {@code [images][classes]}, of images not trained on
   * @param labels the right class of each
   */
  public static double fit(float[][] scores, int[] labels) {
    double from = Math.log(LOWEST);
    double to = Math.log(HIGHEST);
    double left = to - GOLDEN * (to - from);
    double right = from + GOLDEN * (to - from);
    double lossLeft = fitness(scores, labels, left);
    double lossRight = fitness(scores, labels, right);
    while (to - from > EXACT_ENOUGH) {
      if (lossLeft < lossRight) {
        to = right;
        right = left;
        lossRight = lossLeft;
        left = to - GOLDEN * (to - from);
        lossLeft = fitness(scores, labels, left);
      } else {
        from = left;
        left = right;
        lossLeft = lossRight;
        right = from + GOLDEN * (to - from);
        lossRight = fitness(scores, labels, right);
      }
    }
    return Math.exp((from + to) / 2);
  }

  private static double fitness(float[][] scores, int[] labels, double logarithm) {
    return loss(scores, labels, Math.exp(logarithm)) + logarithm * logarithm / labels.length;
  }

  /**
   * The probabilities that a model would have given at temperature 1.
   *
   * @param probabilities given at a temperature, {@code [images][classes]}
   */
  public static float[][] without(float[][] probabilities, double temperature) {
    float[][] result = new float[probabilities.length][];
    for (int i = 0; i < result.length; i++) {
      float[] row = new float[probabilities[i].length];
      double sum = 0;
      for (int label = 0; label < row.length; label++) {
        double power = Math.pow(probabilities[i][label], temperature);
        row[label] = (float) power;
        sum += power;
      }
      for (int label = 0; label < row.length; label++) {
        row[label] = (float) (row[label] / sum);
      }
      result[i] = row;
    }
    return result;
  }

  /** The probabilities of scores at a temperature, {@code [images][classes]}. */
  public static float[][] probabilities(float[][] scores, double temperature) {
    float[][] result = new float[scores.length][];
    for (int i = 0; i < result.length; i++) {
      double greatest = Double.NEGATIVE_INFINITY;
      for (float score : scores[i]) {
        greatest = Math.max(greatest, score / temperature);
      }
      double sum = 0;
      for (float score : scores[i]) {
        sum += Math.exp(score / temperature - greatest);
      }
      result[i] = new float[scores[i].length];
      for (int label = 0; label < result[i].length; label++) {
        result[i][label] = (float) (Math.exp(scores[i][label] / temperature - greatest) / sum);
      }
    }
    return result;
  }

  /** Mean cross-entropy of the scores at a temperature. */
  public static double loss(float[][] scores, int[] labels, double temperature) {
    double sum = 0;
    for (int i = 0; i < labels.length; i++) {
      double greatest = Double.NEGATIVE_INFINITY;
      for (float score : scores[i]) {
        greatest = Math.max(greatest, score / temperature);
      }
      double total = 0;
      for (float score : scores[i]) {
        total += Math.exp(score / temperature - greatest);
      }
      sum += Math.log(total) + greatest - scores[i][labels[i]] / temperature;
    }
    return sum / labels.length;
  }
}
