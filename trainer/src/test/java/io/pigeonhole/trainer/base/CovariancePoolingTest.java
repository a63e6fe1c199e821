package io.pigeonhole.trainer.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pigeonhole.trainer.recipe.BaseGraph;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CovariancePoolingTest {

  private static final int SIDE = 64;
  private static final int PATCH = PatchMeans.PATCH;
  private static final int CHANNELS = 3;

  /** Some images of squares of one colour each. */
  private static byte[] images(int count) {
    Random random = new Random(1);
    int across = SIDE / PATCH;
    int[] colours = random.ints((long) count * across * across * CHANNELS, 0, 256).toArray();
    byte[] pixels = new byte[count * SIDE * SIDE * CHANNELS];
    for (int i = 0; i < pixels.length; i++) {
      int pixel = i / CHANNELS;
      int row = pixel / SIDE / PATCH; // goes on from image to image
      pixels[i] = (byte) colours[(row * across + pixel % SIDE / PATCH) * CHANNELS + i % CHANNELS];
    }
    return pixels;
  }

  private static float[] features(BaseGraph base, byte[] images) throws Exception {
    try (BaseSession session = new BaseSession(base)) {
      return session.features(images, SIDE);
    }
  }

  /** How the means of the patches of an image go together, of trace 1. */
  private static double[][] covariance(byte[] pixels) {
    int across = SIDE / PATCH;
    double[][] means = new double[across * across][CHANNELS];
    for (int i = 0; i < pixels.length; i++) {
      int pixel = i / CHANNELS;
      int place = pixel / SIDE / PATCH * across + pixel % SIDE / PATCH;
      means[place][i % CHANNELS] += (pixels[i] & 0xff) / (double) (PATCH * PATCH);
    }
    double[][] sums = new double[CHANNELS][CHANNELS];
    double trace = 0;
    for (double[] place : means) {
      for (int i = 0; i < CHANNELS; i++) {
        trace += place[i] * place[i];
        for (int j = 0; j < CHANNELS; j++) {
          sums[i][j] += place[i] * place[j];
        }
      }
    }
    for (double[] row : sums) {
      for (int j = 0; j < CHANNELS; j++) {
        row[j] /= trace;
      }
    }
    return sums;
  }

  @Test
  void addsTheRootOfTheCovarianceOfAMap() throws Exception {
    BaseGraph with = CovariancePooling.of(PatchMeans.base(), SIDE);
    assertThat(with.own()).isEqualTo(CHANNELS);
    assertThat(with.count()).isEqualTo(CHANNELS + 6);
    assertThat(with.size()).isEqualTo(SIDE);
    assertThat(with.takesAnySize()).isFalse();
    byte[] images = images(2);
    float[] features = features(with, images);
    int each = SIDE * SIDE * CHANNELS;
    for (int image = 0; image < 2; image++) {
      float[] half = Arrays.copyOfRange(features, image * 9 + CHANNELS, image * 9 + 9);
      double[][] root = {
        {half[0], half[1], half[2]}, {half[1], half[3], half[4]}, {half[2], half[4], half[5]}
      };
      double[][] expected =
          covariance(Arrays.copyOfRange(images, image * each, (image + 1) * each));
      for (int i = 0; i < CHANNELS; i++) {
        for (int j = 0; j < CHANNELS; j++) {
          double square = 0;
          for (int k = 0; k < CHANNELS; k++) {
            square += root[i][k] * root[k][j];
          }
          assertThat(square).isCloseTo(expected[i][j], within(0.01));
        }
      }
    }
  }

  @Test
  void leavesTheFeaturesOfTheBaseInFront() throws Exception {
    byte[] images = images(1);
    float[] own = features(PatchMeans.base(), images);
    float[] all = features(CovariancePooling.of(PatchMeans.base(), SIDE), images);
    assertThat(Arrays.copyOf(all, CHANNELS)).containsExactly(own);
  }

  @Test
  void leavesABaseThatHasThemOrWhoseMapsAreTooSmall() throws Exception {
    BaseGraph with = CovariancePooling.of(PatchMeans.base(), SIDE);
    BaseGraph published =
        new BaseGraph(with.graph(), with.images(), with.features(), SIDE, with.count());
    assertThat(CovariancePooling.of(published, SIDE)).isEqualTo(with);
    BaseGraph small = PatchMeans.base();
    assertThat(CovariancePooling.of(small, SIDE / 2)).isEqualTo(small);
  }
}
