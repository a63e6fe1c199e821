package io.pigeonhole.trainer.cli;

import io.pigeonhole.model.Metrics;
import io.pigeonhole.model.Metrics.ClassMetrics;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What one gets right without looking at an image: by always naming the most frequent class. */
final class Guess {

  private static final double ROUNDING = 1e-9;

  private Guess() {}

  /**
   * What to say of a model that gets no more images right than that, nor finds the classes any
   * better; empty of any other. A model that is to find rare classes may well get fewer right.
   */
  static Optional<String> noWorseThan(Metrics metrics) {
    List<Map.Entry<String, ClassMetrics>> classes =
        metrics.perClass().entrySet().stream().filter(each -> samples(each) > 0).toList();
    long all = classes.stream().mapToLong(Guess::samples).sum();
    Map.Entry<String, ClassMetrics> most =
        classes.stream().max(Comparator.comparingLong(Guess::samples)).orElseThrow();
    double guessed = (double) samples(most) / all;
    double recall =
        classes.stream().mapToDouble(each -> each.getValue().recall()).average().orElseThrow();
    if (metrics.accuracy() > guessed || recall > 1.0 / classes.size() + ROUNDING) {
      return Optional.empty();
    }
    return Optional.of(
        String.format(
            Locale.ROOT,
            "it has learned nothing: %.1f%% of the test images are right, and '%s' for all of them"
                + " would be right for %.1f%%. More epochs or images may help, a lower"
                + " learning-rate, or labels that fit the images; 'pigeonhole promote' puts it into"
                + " service all the same",
            100 * metrics.accuracy(),
            most.getKey(),
            100 * guessed));
  }

  private static long samples(Map.Entry<String, ClassMetrics> each) {
    return each.getValue().samples();
  }
}
