package io.pigeonhole.trainer.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pigeonhole.model.Metrics;
import java.util.List;
import org.junit.jupiter.api.Test;

class EvaluationTest {

  private static final List<String> CLASSES = List.of("cat", "dog");

  private final float[][] probabilities = {{0.9f, 0.1f}, {0.8f, 0.2f}, {0.6f, 0.4f}, {0.3f, 0.7f}};
  private final int[] labels = {0, 0, 1, 1};

  @Test
  void countsWhatIsRight() {
    Metrics metrics = Evaluation.of(probabilities, labels, CLASSES, 1);
    assertThat(metrics.accuracy()).isEqualTo(0.75);
    assertThat(metrics.perClass()).containsOnlyKeys("cat", "dog");
    assertThat(metrics.perClass().get("cat").precision()).isCloseTo(2.0 / 3, within(1e-9));
    assertThat(metrics.perClass().get("cat").recall()).isEqualTo(1);
    assertThat(metrics.perClass().get("cat").f1()).isCloseTo(0.8, within(1e-9));
    assertThat(metrics.perClass().get("dog").recall()).isEqualTo(0.5);
    assertThat(metrics.perClass().get("dog").samples()).isEqualTo(2);
  }

  @Test
  void averagesTheCrossEntropy() {
    double expected = -(Math.log(0.9) + Math.log(0.8) + Math.log(0.4) + Math.log(0.7)) / 4;
    assertThat(Evaluation.of(probabilities, labels, CLASSES, 1).loss())
        .isCloseTo(expected, within(1e-6));
  }

  @Test
  void measuresHowFarConfidenceIsFromAccuracy() {
    // every confidence in a bin of its own: |1-0.9|, |1-0.8|, |0-0.6|, |1-0.7|
    assertThat(Reliability.error(probabilities, labels))
        .isCloseTo((0.1 + 0.2 + 0.6 + 0.3) / 4, within(1e-6));
  }

  @Test
  void givesZeroToAClassThatIsNeverGuessed() {
    Metrics metrics = Evaluation.of(new float[][] {{1, 0}}, new int[] {1}, CLASSES, 1);
    assertThat(metrics.perClass().get("dog").precision()).isZero();
    assertThat(metrics.perClass().get("dog").f1()).isZero();
    assertThat(metrics.loss()).isFinite();
  }

  @Test
  void averagesOverTheClasses() {
    Metrics metrics = Evaluation.of(probabilities, labels, CLASSES, 1);
    assertThat(metrics.macro().recall()).isCloseTo(0.75, within(1e-9));
    assertThat(metrics.macro().precision()).isCloseTo((2.0 / 3 + 1) / 2, within(1e-9));
    assertThat(metrics.macro().f1()).isCloseTo((0.8 + 2.0 / 3) / 2, within(1e-9));
  }

  @Test
  void countsWhatIsTakenForWhat() {
    Metrics metrics = Evaluation.of(probabilities, labels, CLASSES, 1);
    assertThat(metrics.confusion()).containsExactly(List.of(2, 0), List.of(1, 1));
  }

  @Test
  void measuresTheCalibrationErrorWithoutTheTemperature() {
    // 0.9 : 0.1 at temperature 2 is 0.9² : 0.1² without, and so on
    double expected = 0;
    double[][] rows = {{0.9, 1}, {0.8, 1}, {0.6, 0}, {0.7, 1}};
    for (double[] row : rows) {
      double without = row[0] * row[0] / (row[0] * row[0] + (1 - row[0]) * (1 - row[0]));
      expected += (row[1] == 1 ? 1 - without : without) / rows.length;
    }
    Metrics metrics = Evaluation.of(probabilities, labels, CLASSES, 2);
    assertThat(metrics.uncalibratedError().orElseThrow()).isCloseTo(expected, within(0.03));
    assertThat(Evaluation.of(probabilities, labels, CLASSES, 1).uncalibratedError().orElseThrow())
        .isCloseTo(metrics.expectedCalibrationError(), within(1e-6));
  }

  @Test
  void countsHowOftenOutliersAreMoreNovel() {
    double[] known = {0.1, 0.2, 0.3, 0.4};
    assertThat(OutlierEvaluation.auroc(known, new double[] {0.9, 0.5})).isEqualTo(1);
    assertThat(OutlierEvaluation.auroc(known, new double[] {0})).isZero();
    assertThat(OutlierEvaluation.auroc(known, new double[] {0.25})).isEqualTo(0.5);
    assertThat(OutlierEvaluation.auroc(known, new double[] {0.2})).isEqualTo(0.375); // a tie
    assertThat(OutlierEvaluation.auroc(new double[] {1, 1}, new double[] {1, 1})).isEqualTo(0.5);
  }
}
