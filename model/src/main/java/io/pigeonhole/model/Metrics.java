package io.pigeonhole.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonProperty.Access;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/**
 * How good the exported model is, measured on the test images.
 *
 * @param accuracy the share of images whose most probable class is right, 0 to 1
 * @param loss mean cross-entropy in nats
 * @param expectedCalibrationError mean distance of confidence and accuracy, 0 to 1, over 15 bins of
 *     equal width (Guo et al., 2017)
 * @param uncalibratedError the same without the temperature; empty if it was not measured
 * @param perClass by class, in the manifest's order
 * @param confusion images by their class and, inside of that, by the class that they were given,
 *     both in the manifest's order; empty if there are too many classes, or it was not measured
 * @param outliers how it takes images that show none of the classes; empty if there were none to
 *     measure with
 */
public record Metrics(
    double accuracy,
    double loss,
    double expectedCalibrationError,
    OptionalDouble uncalibratedError,
    Map<String, ClassMetrics> perClass,
    List<List<Integer>> confusion,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) Optional<OutlierMetrics> outliers) {

  /** Of a model that was not measured on images that show none of the classes. */
  public Metrics(
      double accuracy,
      double loss,
      double expectedCalibrationError,
      OptionalDouble uncalibratedError,
      Map<String, ClassMetrics> perClass,
      List<List<Integer>> confusion) {
    this(
        accuracy,
        loss,
        expectedCalibrationError,
        uncalibratedError,
        perClass,
        confusion,
        Optional.empty());
  }

  public Metrics {
    Field.requireShare("accuracy", accuracy);
    Field.requireNotNegative("loss", loss);
    Field.requireShare("expectedCalibrationError", expectedCalibrationError);
    uncalibratedError.ifPresent(error -> Field.requireShare("uncalibratedError", error));
    perClass = Collections.unmodifiableMap(new LinkedHashMap<>(perClass));
    confusion = confusion.stream().map(List::copyOf).toList();
  }

  /** The mean over the classes that there are images of; every class counts the same. */
  @JsonProperty(access = Access.READ_ONLY)
  public Macro macro() {
    Collection<ClassMetrics> classes = perClass.values();
    return new Macro(
        mean(classes, ClassMetrics::precision),
        mean(classes, ClassMetrics::recall),
        mean(classes, ClassMetrics::f1));
  }

  /** The same with what was measured on outliers. */
  public Metrics with(OutlierMetrics measured) {
    return new Metrics(
        accuracy,
        loss,
        expectedCalibrationError,
        uncalibratedError,
        perClass,
        confusion,
        Optional.of(measured));
  }

  /** As in a manifest: JSON, indented. */
  public String toJson() {
    return Manifest.json(this);
  }

  private static double mean(Collection<ClassMetrics> classes, ToDoubleFunction<ClassMetrics> of) {
    return classes.stream().filter(c -> c.samples() > 0).mapToDouble(of).average().orElse(0);
  }

  /**
   * How good it is at its classes, on average.
   *
   * @param precision mean of the classes', 0 to 1
   * @param recall mean of the classes', 0 to 1
   * @param f1 mean of the classes', 0 to 1
   */
  public record Macro(double precision, double recall, double f1) {}

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

  /**
   * How it takes images that show none of its classes.
   *
   * @param samples the images
   * @param auroc how often such an image is more novel than a test image of the classes, 0 to 1;
   *     0.5 if novelty tells nothing
   * @param passing the share that is not unknown, 0 to 1, at the level of the calibration
   * @param labeled the share that gets a label without review, 0 to 1
   */
  public record OutlierMetrics(long samples, double auroc, double passing, double labeled) {
    public OutlierMetrics {
      Field.requireCount("samples", samples);
      Field.requireShare("auroc", auroc);
      Field.requireShare("passing", passing);
      Field.requireShare("labeled", labeled);
    }
  }
}
