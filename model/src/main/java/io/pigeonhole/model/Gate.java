package io.pigeonhole.model;

import java.io.IOException;
import java.util.Locale;
import java.util.Optional;

/** Decides whether a version may replace the one in service. */
@FunctionalInterface
public interface Gate {

  /** Why the candidate may not go into service; empty if it may. */
  Optional<String> refusal(Manifest candidate, Manifest inService) throws IOException;

  /** Lets everything through: for a rollback, which somebody asked for. */
  static Gate open() {
    return (candidate, inService) -> Optional.empty();
  }

  /**
   * Compares the accuracies in the manifests, which say the same only if they were measured on the
   * same test images.
   *
   * @param margin how much lower the candidate's accuracy may be, 0 to 1
   */
  static Gate byAccuracy(double margin) {
    return (candidate, inService) -> {
      if (!candidate.training().datasetSha256().equals(inService.training().datasetSha256())) {
        return Optional.of(
            "%s was measured on other data than %s, in service: their accuracies do not compare"
                .formatted(candidate.version(), inService.version()));
      }
      return byAccuracy(
          candidate.metrics().accuracy(), inService.metrics().accuracy(), inService, margin);
    };
  }

  /** Compares two accuracies that were measured on the same images. */
  static Optional<String> byAccuracy(
      double candidate, double incumbent, Manifest inService, double margin) {
    return candidate >= incumbent - margin
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "its accuracy, %.4f, is more than %.4f below the %.4f of %s, in service",
                candidate,
                margin,
                incumbent,
                inService.version()));
  }
}
