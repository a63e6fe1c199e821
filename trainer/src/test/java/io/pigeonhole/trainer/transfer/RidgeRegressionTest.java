package io.pigeonhole.trainer.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pigeonhole.trainer.data.FeatureRows;
import io.pigeonhole.trainer.network.HeadGraph.Scaling;
import io.pigeonhole.trainer.recipe.BaseGraph;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.proto.GraphDef;

class RidgeRegressionTest {

  private static final int IMAGES = 7;
  private static final int VIEWS = 2;
  private static final int FEATURES = 40;
  private static final int CLASSES = 3;
  private static final double L2 = 0.1;

  /** What a one at the class has become. */
  private static final double SURE = 8;

  private static final int[] LABELS = {0, 1, 2, 0, 1, 2, 0};

  /** The third is held out, the last counts twice. */
  private static final float[] COUNTS = {1, 1, 0, 1, 1, 1, 2};

  @TempDir private Path temp;

  private FeatureRows rows() throws Exception {
    return rows(1, "random");
  }

  private FeatureRows rows(double deviation, String name) throws Exception {
    FeatureRows rows = FeatureRows.open(temp, Long.MAX_VALUE, name, IMAGES, VIEWS * FEATURES);
    Random random = new Random(1);
    for (int image = 0; image < IMAGES; image++) {
      float[] features = new float[VIEWS * FEATURES];
      for (int i = 0; i < features.length; i++) {
        features[i] = (float) (3 + deviation * random.nextGaussian());
      }
      rows.keep(image, features);
    }
    rows.save();
    return rows;
  }

  private static Scaling scaling() {
    float[] mean = new float[FEATURES];
    float[] factor = new float[FEATURES];
    Arrays.fill(mean, 2);
    Arrays.fill(factor, 0.5f);
    return new Scaling(mean, factor);
  }

  /** Where the sum of squares and penalty is least, nothing gets better in any direction. */
  @Test
  void findsTheMinimum() throws Exception {
    BaseGraph base = new BaseGraph(GraphDef.getDefaultInstance(), "", "", 1, FEATURES);
    try (FeatureRows rows = rows();
        Features features = new Features(rows, base, VIEWS, LABELS);
        RidgeRegression ridge = new RidgeRegression(features, scaling(), CLASSES)) {
      double[] found = ridge.minimum(L2, COUNTS);
      double[] slopes = new double[found.length];
      double misses = 0;
      double all = 0;
      for (float count : COUNTS) {
        all += VIEWS * count;
      }
      for (int row = 0; row < IMAGES * VIEWS; row++) {
        float[] values = rows.read(row / VIEWS, row / VIEWS + 1);
        double count = COUNTS[row / VIEWS] / all;
        for (int label = 0; label < CLASSES; label++) {
          double apart = found[FEATURES * CLASSES + label];
          for (int i = 0; i < FEATURES; i++) {
            apart += scaled(values, row, i) * found[i * CLASSES + label];
          }
          apart -= LABELS[row / VIEWS] == label ? SURE : 0;
          misses += count * Math.abs(apart);
          for (int i = 0; i < FEATURES; i++) {
            slopes[i * CLASSES + label] += count * apart * scaled(values, row, i);
          }
          slopes[FEATURES * CLASSES + label] += count * apart;
        }
      }
      for (int i = 0; i < slopes.length; i++) {
        double penalty = i < FEATURES * CLASSES ? L2 * found[i] : 0;
        assertThat(slopes[i] + penalty).isCloseTo(0, within(1e-3));
      }
      assertThat(misses).isGreaterThan(0.1); // the penalty has cost something
    }
  }

  /** Rows that are nearly, or quite, the same, and kernels that cost nothing. */
  @ParameterizedTest
  @ValueSource(doubles = {1, 1e-3, 0})
  void findsNumbersForRowsThatAreAlike(double deviation) throws Exception {
    BaseGraph base = new BaseGraph(GraphDef.getDefaultInstance(), "", "", 1, FEATURES);
    Scaling asTheyAre = new Scaling(new float[FEATURES], ones());
    try (FeatureRows rows = rows(deviation, "alike");
        Features features = new Features(rows, base, VIEWS, LABELS);
        RidgeRegression ridge = new RidgeRegression(features, asTheyAre, CLASSES)) {
      assertThat(Arrays.stream(ridge.minimum(0, COUNTS)).allMatch(Double::isFinite)).isTrue();
    }
  }

  private static float[] ones() {
    float[] ones = new float[FEATURES];
    Arrays.fill(ones, 1);
    return ones;
  }

  private static double scaled(float[] values, int row, int feature) {
    return (values[row % VIEWS * FEATURES + feature] - 2) * 0.5;
  }
}
