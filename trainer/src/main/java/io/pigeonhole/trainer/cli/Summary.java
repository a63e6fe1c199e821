package io.pigeonhole.trainer.cli;

import io.pigeonhole.model.Calibration;
import io.pigeonhole.model.Manifest;
import io.pigeonhole.model.Metrics;
import io.pigeonhole.model.ModelFile;
import java.io.PrintWriter;

/** Prints what a version is worth. */
final class Summary {

  private Summary() {}

  static void print(Manifest manifest, PrintWriter out) {
    Calibration calibration = manifest.calibration();
    long bytes = manifest.files().stream().mapToLong(ModelFile::size).sum();
    print(manifest.metrics(), out);
    double wanted = 100 * calibration.targetPrecision();
    if (calibration.hasThreshold()) {
      out.printf(
          "threshold %.3f: of held-out images, %.1f%% are above it, at least %.1f%% of those right%n",
          calibration.threshold(), 100 * calibration.coverage(), wanted);
    } else {
      out.printf(
          "every label is for review: no threshold is sure to have %.1f%% of the labels above it right;"
              + " report.html says how many more images that would take%n",
          wanted);
    }
    out.printf("trained in %.0f s; %.1f MB%n", manifest.training().seconds(), bytes / 1e6);
  }

  static void print(Metrics metrics, PrintWriter out) {
    out.printf("%-16s %9s %7s %7s %8s%n", "class", "precision", "recall", "F1", "samples");
    metrics
        .perClass()
        .forEach(
            (label, each) ->
                out.printf(
                    "%-16s %8.1f%% %6.1f%% %6.1f%% %8d%n",
                    label,
                    100 * each.precision(),
                    100 * each.recall(),
                    100 * each.f1(),
                    each.samples()));
    Metrics.Macro macro = metrics.macro();
    out.printf(
        "%-16s %8.1f%% %6.1f%% %6.1f%%%n",
        "(mean)", 100 * macro.precision(), 100 * macro.recall(), 100 * macro.f1());
    out.printf(
        "accuracy %.2f%%, loss %.4f, expected calibration error %.4f%n",
        100 * metrics.accuracy(), metrics.loss(), metrics.expectedCalibrationError());
    metrics
        .outliers()
        .ifPresent(
            each ->
                out.printf(
                    "of %,d images of none of the classes, %.1f%% pass as known, %.1f%% get a label;"
                        + " AUROC %.3f%n",
                    each.samples(), 100 * each.passing(), 100 * each.labeled(), each.auroc()));
    out.flush();
  }
}
