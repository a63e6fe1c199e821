package io.pigeonhole.model;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What a model answers its {@link ProbeImages}. The manifest has it as it was when the model was
 * measured; a machine that answers otherwise computes the network wrongly, or that one did.
 */
public final class ProbeAnswers {

  /** Right answers in float32 differ by rounding, less than a hundredth of this. */
  public static final double ROUNDING = 1e-3;

  /** Right answers of convolutions in bfloat16 differ so much. */
  public static final double BFLOAT16 = 0.03;

  private static final double SEVEN_DIGITS = 1e7;

  private ProbeAnswers() {}

  /**
   * Answers in the form of {@link Manifest#probes()}, with seven digits.
   *
   * @param answers a row of probabilities for each probe image
   */
  public static List<List<Double>> rounded(float[][] answers) {
    return Arrays.stream(answers).map(ProbeAnswers::rounded).toList();
  }

  private static List<Double> rounded(float[] row) {
    Double[] digits = new Double[row.length];
    for (int i = 0; i < row.length; i++) {
      // a softmax may be above 1 in its last bit
      digits[i] = Math.min(1, Math.rint(row[i] * SEVEN_DIGITS) / SEVEN_DIGITS);
    }
    return List.of(digits);
  }

  static void require(List<List<Double>> probes, int classes) {
    Field.require(
        probes.size() == ProbeImages.COUNT,
        "probes",
        probes.size() + " rows",
        "must be one for each of " + ProbeImages.COUNT + " images");
    for (List<Double> row : probes) {
      Field.require(
          row.size() == classes,
          "probes",
          "a row of " + row.size(),
          "must have a probability for each of " + classes + " classes");
      row.forEach(probability -> Field.requireShare("probes", probability));
      double sum = row.stream().mapToDouble(Double::doubleValue).sum();
      Field.require(Math.abs(sum - 1) <= ROUNDING, "probes", sum, "must be 1, the sum of a row");
    }
  }

  /**
   * Compares what this machine answers with what a manifest says, if it says so.
   *
   * @param found a row of probabilities for each probe image
   * @throws OtherAnswersException if it is something else; the message names the processor
   */
  public static void check(Manifest manifest, float[][] found) throws OtherAnswersException {
    check(manifest, found, ROUNDING);
  }

  /**
   * The same, for answers that may be further away.
   *
   * @param tolerance how far a probability may be from the manifest's
   */
  public static void check(Manifest manifest, float[][] found, double tolerance)
      throws OtherAnswersException {
    double furthest = tolerance;
    String difference = "";
    for (int image = 0; image < manifest.probes().size(); image++) {
      for (int i = 0; i < manifest.classes().size(); i++) {
        double expected = manifest.probes().get(image).get(i);
        double answer = found[image][i];
        double distance =
            Double.isNaN(answer) ? Double.POSITIVE_INFINITY : Math.abs(answer - expected);
        if (distance > furthest) {
          furthest = distance;
          difference =
              String.format(
                  Locale.ROOT,
                  "probe image %d is '%s' with %.4f, its manifest says %.4f",
                  image + 1,
                  manifest.classes().get(i),
                  answer,
                  expected);
        }
      }
    }
    if (!difference.isEmpty()) {
      throw new OtherAnswersException(
          "this processor, %s, computes %s otherwise than the one that measured it: %s"
              .formatted(Processor.ofThisMachine().description(), manifest.version(), difference));
    }
  }
}
