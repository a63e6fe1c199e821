package io.pigeonhole.trainer.evaluation;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The confidence from which on labels are trusted.
 *
 * @param confidence 0 to 1
 * @param coverage part of the images whose confidence reaches it
 */
public record Threshold(double confidence, double coverage) {

  /**
   * The lowest confidence from which on the labels reach a precision.
   *
   * @param probabilities {@code [images][classes]}, of images not trained on
   * @param labels the right class of each
   * @param targetPrecision 0 to 1
   * @return confidence 1 and coverage 0 if no confidence reaches it
   */
  public static Threshold of(float[][] probabilities, int[] labels, double targetPrecision) {
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
    Threshold found = new Threshold(1, 0);
    int right = 0;
    for (int i = 0; i < guesses.size(); i++) {
      right += guesses.get(i).right() ? 1 : 0;
      boolean lastOfEquals =
          i + 1 == guesses.size() || guesses.get(i + 1).confidence() < guesses.get(i).confidence();
      if (lastOfEquals && right >= targetPrecision * (i + 1)) {
        found = new Threshold(guesses.get(i).confidence(), (i + 1.0) / guesses.size());
      }
    }
    return found;
  }
}
