package io.pigeonhole.model;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What a model says about an image.
 *
 * @param predictions the likeliest first; at least one
 * @param reason why a person should look; empty if nobody needs to
 * @param novelty the part of known images, 0 to 1, that are less novel than this one; empty if the
 *     model does not say
 */
public record Classification(
    List<Prediction> predictions, Optional<ReviewReason> reason, Optional<Float> novelty) {

  /** A softmax may be above 1 in its last bit; what is further off is computed wrongly. */
  private static final float TOLERANCE = 1e-3f;

  public Classification {
    predictions = List.copyOf(predictions);
  }

  /**
   * All classes of the model by falling confidence; equals stay in the manifest's order.
   *
   * @throws IllegalStateException if what the network says is no probability, or no novelty
   */
  public static Classification of(Manifest manifest, Answer answer) {
    float[] probabilities = answer.probabilities();
    Optional<Float> novelty = answer.novelty().map(Classification::novelty);
    Calibration calibration = manifest.calibration();
    // not by confidence: of what is entirely novel, each is 0
    List<Integer> order =
        IntStream.range(0, probabilities.length)
            .boxed()
            .sorted(Comparator.comparing((Integer i) -> probabilities[i]).reversed())
            .toList();
    float best = probabilities[order.get(0)];
    // a NaN sorts first
    if (!isShare(best)) {
      throw new IllegalStateException("the network answers " + best + ", which is no probability");
    }
    List<Prediction> predictions =
        order.stream()
            .map(
                i ->
                    new Prediction(
                        manifest.classes().get(i),
                        calibration.confidence(probabilities[i], novelty)))
            .toList();
    return new Classification(
        predictions, calibration.review(predictions.get(0).confidence(), novelty), novelty);
  }

  private static float novelty(float found) {
    if (!isShare(found)) {
      throw new IllegalStateException("the network answers " + found + ", which is no novelty");
    }
    return Math.min(1, found);
  }

  /** Whether it is from 0 to 1, as probabilities and novelties are. */
  public static boolean isShare(float found) {
    return found >= 0 && found <= 1 + TOLERANCE;
  }

  /** Whether a person should look. */
  public boolean review() {
    return reason.isPresent();
  }

  /** The likeliest class. */
  public String label() {
    return predictions.get(0).label();
  }

  /** Of {@link #label}. */
  public float confidence() {
    return predictions.get(0).confidence();
  }

  /** The same with at most {@code count} predictions. */
  public Classification top(int count) {
    return new Classification(
        predictions.subList(0, Math.min(count, predictions.size())), reason, novelty);
  }
}
