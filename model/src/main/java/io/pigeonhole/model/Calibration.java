package io.pigeonhole.model;

/**
 * How far a confidence can be trusted, found on images that were not trained on (Guo et al., <a
 * href="https://arxiv.org/abs/1706.04599">On Calibration of Modern Neural Networks</a>, 2017).
 *
 * @param temperature what the logits are divided by; already in the graph
 * @param threshold the confidence, 0 to 1, below which a label is only a suggestion
 * @param targetPrecision the precision that labels at or above the threshold reach, 0 to 1
 * @param coverage the share of images, 0 to 1, whose confidence is at or above the threshold; 0 if
 *     no threshold gives the precision aimed at
 */
public record Calibration(
    double temperature, double threshold, double targetPrecision, double coverage) {
  public Calibration {
    Field.requirePositive("temperature", temperature);
    Field.requireShare("threshold", threshold);
    Field.requireShare("targetPrecision", targetPrecision);
    Field.requireShare("coverage", coverage);
  }

  /** Whether there is a threshold that gives the precision aimed at. */
  public boolean hasThreshold() {
    return coverage > 0;
  }

  /** Whether a label of this confidence is only a suggestion: a person should look. */
  public boolean needsReview(float confidence) {
    return !hasThreshold() || confidence < threshold;
  }
}
