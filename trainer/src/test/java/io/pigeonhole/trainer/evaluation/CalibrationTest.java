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
  void takesTheLowestConfidenceThatSurelyReachesTheTarget() {
    float[][] probabilities = new float[200][];
    int[] labels = new int[200];
    for (int i = 0; i < 200; i++) {
      float confidence = 0.99f - 0.002f * i;
      probabilities[i] = new float[] {confidence, 1 - confidence};
      labels[i] = i >= 100 && i % 2 == 1 ? 1 : 0; // from the 101st on, every second is wrong
    }
    Threshold found = Threshold.of(probabilities, labels, 0.95);
    int covered = (int) Math.round(200 * found.coverage());
    assertThat(covered).isBetween(100, 106);
    assertThat(found.confidence()).isEqualTo(probabilities[covered - 1][0]);
  }

  @Test
  void trustsLabelsOfWhichEnoughWereRight() {
    assertThat(Threshold.lowerBound(45, 45)).isCloseTo(Math.pow(0.1, 1 / 45.0), within(1e-9));
    assertThat(threshold(45)).isEqualTo(new Threshold(0.9f, 1));
  }

  @Test
  void promisesNothingOnTheWordOfAFewImages() {
    assertThat(threshold(44)).isEqualTo(new Threshold(1, 0));
  }

  private static Threshold threshold(int right) {
    float[][] probabilities = new float[right][];
    Arrays.fill(probabilities, new float[] {.9f, .1f});
    return Threshold.of(probabilities, new int[right], 0.95);
  }

  @Test
  void saysHowManyMoreImagesItWouldTake() {
    float[][] probabilities = new float[30][];
    Arrays.fill(probabilities, new float[] {.9f, .1f});
    long more = Threshold.missing(probabilities, new int[30], 0.95).orElseThrow();
    assertThat(more).isBetween(15L, 17L);
    assertThat(threshold(30 + (int) more).coverage()).isEqualTo(1);
  }

  @Test
  void saysWhenMoreImagesWouldNotHelp() {
    float[][] probabilities = {{.9f, .1f}, {.8f, .2f}};
    assertThat(Threshold.missing(probabilities, new int[] {1, 0}, 0.95)).isEmpty();
  }

  @Test
  void doesNotCutBetweenEqualConfidences() {
    float[][] probabilities = new float[100][];
    int[] labels = new int[100];
    Arrays.fill(probabilities, new float[] {.9f, .1f});
    Arrays.fill(labels, 60, 100, 1);
    assertThat(Threshold.of(probabilities, labels, 0.95)).isEqualTo(new Threshold(1, 0));
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

  /** However well the others are labeled: what is unknown gets no label. */
  @Test
  void takesNoThresholdThatLetsUnknownImagesPass() {
    float[][] probabilities = new float[200][];
    int[] labels = new int[200];
    for (int i = 0; i < 200; i++) {
      labels[i] = i % 2;
      boolean unknown = i >= 190;
      probabilities[i] = new float[] {unknown ? 0 : 0.1f, unknown ? 0 : 0.1f};
      if (!unknown) {
        probabilities[i][labels[i]] = 0.9f;
      }
    }
    Threshold threshold = Threshold.of(probabilities, labels, 0.95);
    assertThat(threshold.confidence()).isEqualTo(0.9f);
    assertThat(threshold.coverage()).isEqualTo(0.95);
  }
}
