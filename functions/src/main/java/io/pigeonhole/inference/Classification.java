package io.pigeonhole.inference;

import io.pigeonhole.model.Manifest;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What the network says about an image.
 *
 * @param predictions the likeliest first; at least one
 * @param review the likeliest is below the model's threshold, or the model has none: a person
 *     should look
 */
public record Classification(List<Prediction> predictions, boolean review) {
  public Classification {
    predictions = List.copyOf(predictions);
  }

  /** All classes of the model by falling probability; equals stay in the manifest's order. */
  static Classification of(Manifest manifest, float[] probabilities) {
    List<Prediction> predictions =
        IntStream.range(0, probabilities.length)
            .mapToObj(i -> new Prediction(manifest.classes().get(i), probabilities[i]))
            .sorted(Comparator.comparing(Prediction::confidence).reversed())
            .toList();
    float best = predictions.get(0).confidence();
    // a NaN sorts first
    if (!(best >= 0 && best <= 1.001f)) {
      throw new IllegalStateException("the network answers " + best + ", which is no probability");
    }
    return new Classification(predictions, manifest.calibration().needsReview(best));
  }

  /** The likeliest class. */
  public String label() {
    return predictions.get(0).label();
  }

  /** The probability of {@link #label}. */
  public float confidence() {
    return predictions.get(0).confidence();
  }

  /** The same with at most {@code count} predictions. */
  public Classification top(int count) {
    return new Classification(predictions.subList(0, Math.min(count, predictions.size())), review);
  }
}
