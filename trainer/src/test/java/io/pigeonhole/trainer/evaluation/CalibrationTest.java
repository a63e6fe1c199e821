package io.pigeonhole.trainer.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CalibrationTest {

  @Test
  void findsTheTemperatureInClosedForm() {
    // three of four right at score difference 2: the loss is least where sigmoid(2/T) = 3/4
    float[][] scores = new float[40_000][];
    int[] labels = new int[scores.length];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = new float[] {2, 0};
      labels[i] = i % 4 == 3 ? 1 : 0;
    }
    assertThat(TemperatureScaling.fit(scores, labels)).isCloseTo(2 / Math.log(3), within(1e-3));
  }

  @Test
  void becomesNoSurerThanAFewImagesAllow() {
    float[][] scores = new float[40][];
    Arrays.fill(scores, new float[] {3, 0});
    double few = TemperatureScaling.fit(scores, new int[40]);
    float[][] moreScores = new float[4000][];
    Arrays.fill(moreScores, new float[] {3, 0});
    double many = TemperatureScaling.fit(moreScores, new int[4000]);
    assertThat(few).isBetween(0.4, 0.9);
    assertThat(many).isBetween(0.1, few);
  }

  @Test
  void findsTheTemperatureThatMadeTheLabels() {
    double made = 2.5;
    Random random = new Random(1);
    float[][] scores = new float[20_000][3];
    int[] labels = new int[scores.length];
    for (int i = 0; i < scores.length; i++) {
      for (int k = 0; k < 3; k++) {
        scores[i][k] = (float) (random.nextGaussian() * 4);
      }
      labels[i] = drawn(scores[i], made, random);
    }
    assertThat(TemperatureScaling.fit(scores, labels)).isCloseTo(made, within(0.1));
  }

  @Test
  void isNotMisledByHugeScores() {
    assertThat(TemperatureScaling.loss(new float[][] {{1000, -1000}}, new int[] {0}, 1)).isZero();
  }

  @Test
  void takesTheLowestConfidenceThatReachesTheTarget() {
    float[][] probabilities = {{.9f, .1f}, {.8f, .2f}, {.7f, .3f}, {.6f, .4f}, {.55f, .45f}};
    int[] labels = {0, 0, 1, 0, 1};
    assertThat(Threshold.of(probabilities, labels, 0.75)).isEqualTo(new Threshold(0.6f, 0.8));
    assertThat(Threshold.of(probabilities, labels, 1)).isEqualTo(new Threshold(0.8f, 0.4));
    assertThat(Threshold.of(probabilities, labels, 0.5)).isEqualTo(new Threshold(0.55f, 1));
  }

  @Test
  void doesNotCutBetweenEqualConfidences() {
    float[][] probabilities = {{.9f, .1f}, {.9f, .1f}};
    assertThat(Threshold.of(probabilities, new int[] {0, 1}, 1)).isEqualTo(new Threshold(1, 0));
  }

  @Test
  void coversNothingIfNothingCanBeTrusted() {
    assertThat(Threshold.of(new float[][] {{.9f, .1f}}, new int[] {1}, 0.9))
        .isEqualTo(new Threshold(1, 0));
  }

  private static int drawn(float[] scores, double temperature, Random random) {
    double total = 0;
    for (float score : scores) {
      total += Math.exp(score / temperature);
    }
    double left = random.nextDouble() * total;
    int label = 0;
    while (left > Math.exp(scores[label] / temperature) && label < scores.length - 1) {
      left -= Math.exp(scores[label] / temperature);
      label++;
    }
    return label;
  }
}
