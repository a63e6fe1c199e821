package io.pigeonhole.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How good the exported model is, measured on the test images.
 *
 * @param accuracy the share of images whose most probable class is right, 0 to 1
 * @param loss mean cross-entropy in nats
 * @param expectedCalibrationError mean distance of confidence and accuracy, 0 to 1, over 15 bins of
 *     equal width (Guo et al., 2017)
 * @param perClass by class, in the manifest's order
 */
public record Metrics(
    double accuracy,
    double loss,
    double expectedCalibrationError,
    Map<String, ClassMetrics> perClass) {

  public Metrics {
    Field.requireShare("accuracy", accuracy);
    Field.requireNotNegative("loss", loss);
    Field.requireShare("expectedCalibrationError", expectedCalibrationError);
    perClass = Collections.unmodifiableMap(new LinkedHashMap<>(perClass));
  }

  /**
   * How good it is at one class.
   *
   * @param precision of the images given this class, the share that has it; 0 if none was given it
   * @param recall of the images that have this class, the share that was given it
   * @param f1 the harmonic mean of the two
   * @param samples the images that have this class
   */
  public record ClassMetrics(double precision, double recall, double f1, long samples) {
    public ClassMetrics {
      Field.requireShare("precision", precision);
      Field.requireShare("recall", recall);
      Field.requireShare("f1", f1);
      Field.requireCount("samples", samples);
    }
  }
}
