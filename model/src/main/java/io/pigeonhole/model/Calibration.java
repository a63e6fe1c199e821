package io.pigeonhole.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How far a confidence can be trusted, found on images that were not trained on (Guo et al., <a
 * href="https://arxiv.org/abs/1706.04599">On Calibration of Modern Neural Networks</a>, 2017).
 *
 * @param temperature what the logits are divided by; already in the graph
 * @param threshold the confidence, 0 to 1, below which a label is only a suggestion
 * @param targetPrecision the precision that labels at or above the threshold reach, 0 to 1
 * @param coverage the share of images, 0 to 1, that are known and whose confidence is at or above
 *     the threshold; 0 if no threshold gives the precision aimed at
 * @param novelty the novelty, 0 to 1, above which an image is unknown: at 0.95, one in twenty known
 *     images is; empty if the network does not say how novel images are
 */
public record Calibration(
    double temperature,
    double threshold,
    double targetPrecision,
    double coverage,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) OptionalDouble novelty) {
  public Calibration {
    Field.requirePositive("temperature", temperature);
    Field.requireShare("threshold", threshold);
    Field.requireShare("targetPrecision", targetPrecision);
    Field.requireShare("coverage", coverage);
    novelty.ifPresent(level -> Field.requireShare("novelty", level));
  }

  /** Of a network that knows no unknown images. */
  public Calibration(
      double temperature, double threshold, double targetPrecision, double coverage) {
    this(temperature, threshold, targetPrecision, coverage, OptionalDouble.empty());
  }

  /** Whether there is a threshold that gives the precision aimed at. */
  public boolean hasThreshold() {
    return coverage > 0;
  }

  /**
   * How far a probability is to be trusted of an image of this novelty. Up to the level, as it is.
   * Above it, it shrinks with the part of known images that are more novel still: it is multiplied
   * by {@code (1 - novelty) / (1 - level)}, 1 at the level. Of {@code n} known images that the
   * novelty was found by, the most novel image there is has a novelty of {@code n / (n + 1)}: with
   * hundreds of them, hardly anything is left of its confidence; with twenty, most of it.
   */
  public float confidence(float probability, Optional<Float> ofImage) {
    if (!isUnknown(ofImage)) {
      return probability;
    }
    double left = (1 - ofImage.orElseThrow()) / (1 - novelty.orElseThrow());
    return (float) (probability * left);
  }

  /**
   * Why a person should look at an image.
   *
   * @param confidence of its likeliest class, see {@link #confidence}
   * @return empty if nobody needs to: the label is right as often as was aimed at
   */
  public Optional<ReviewReason> review(float confidence, Optional<Float> ofImage) {
    if (isUnknown(ofImage)) {
      return Optional.of(ReviewReason.UNKNOWN);
    }
    return !hasThreshold() || confidence < threshold
        ? Optional.of(ReviewReason.UNSURE)
        : Optional.empty();
  }

  private boolean isUnknown(Optional<Float> ofImage) {
    return novelty.isPresent()
        && ofImage.filter(found -> found > novelty.getAsDouble()).isPresent();
  }
}
