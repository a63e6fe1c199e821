package io.pigeonhole.trainer.cli;

import io.pigeonhole.model.Metrics;
import io.pigeonhole.model.Metrics.ClassMetrics;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What one gets right without looking at an image: by always naming the most frequent class. */
final class Guess {

  private Guess() {}

  /** What to say of a model that gets no more images right than that; empty of any other. */
  static Optional<String> noWorseThan(Metrics metrics) {
    long all = metrics.perClass().values().stream().mapToLong(ClassMetrics::samples).sum();
    Map.Entry<String, ClassMetrics> most =
        metrics.perClass().entrySet().stream()
            .max((one, other) -> Long.compare(one.getValue().samples(), other.getValue().samples()))
            .orElseThrow();
    double guessed = (double) most.getValue().samples() / all;
    if (metrics.accuracy() > guessed) {
      return Optional.empty();
    }
    return Optional.of(
        String.format(
            Locale.ROOT,
            "it has learned nothing: %.1f%% of the test images are right, and '%s' for all of them"
                + " would be right for %.1f%%; more epochs or images may help, a lower"
                + " learning-rate, or labels that fit the images",
            100 * metrics.accuracy(),
            most.getKey(),
            100 * guessed));
  }
}
