package io.pigeonhole.trainer.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pigeonhole.trainer.data.ColouredShapes;
import io.pigeonhole.trainer.data.LabeledImages;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.tensorflow.ndarray.Shape;

class LinearAlgebraTest {

  @Test
  void findsTheEigenvaluesOfASmallMatrix() {
    SymmetricEigen eigen = SymmetricEigen.of(new double[][] {{2, 1}, {1, 2}});
    double[] sorted = Arrays.stream(eigen.values()).sorted().toArray();
    assertThat(sorted).containsExactly(new double[] {1, 3}, within(1e-12));
  }

  @Test
  void takesAMatrixApartSoThatItCanBePutTogetherAgain() {
    double[][] matrix = symmetric(12, new Random(1));
    SymmetricEigen eigen = SymmetricEigen.of(matrix);
    for (int i = 0; i < matrix.length; i++) {
      for (int j = 0; j < matrix.length; j++) {
        double sum = 0;
        double product = 0;
        for (int k = 0; k < matrix.length; k++) {
          sum += eigen.vectors()[i][k] * eigen.values()[k] * eigen.vectors()[j][k];
          product += eigen.vectors()[k][i] * eigen.vectors()[k][j];
        }
        assertThat(sum).isCloseTo(matrix[i][j], within(1e-9));
        assertThat(product).isCloseTo(i == j ? 1 : 0, within(1e-9));
      }
    }
  }

  @Test
  void whitensPatchesToUnitVariance() {
    LabeledImages images = ColouredShapes.images(50, 1);
    ImageStatistics statistics = ImageStatistics.of(images);
    float[] filters = Whitening.filters(images, statistics, Shape.of(2, 2, 3, 24));
    double[] squares = new double[24];
    int patches = 0;
    for (int image = 0; image < images.count(); image++) {
      for (int y = 0; y < 31; y++) {
        for (int x = 0; x < 31; x++) {
          patches++;
          addSquares(squares, filters, patch(images, statistics, image, y, x));
        }
      }
    }
    for (double square : squares) {
      assertThat(square / patches).isCloseTo(1, within(0.05));
    }
  }

  private static double[] patch(
      LabeledImages images, ImageStatistics statistics, int image, int top, int left) {
    double[] patch = new double[12];
    for (int i = 0; i < patch.length; i++) {
      int y = top + i / 6;
      int x = left + i / 3 % 2;
      int value = images.pixels().array()[((image * 32 + y) * 32 + x) * 3 + i % 3] & 0xff;
      patch[i] = (value - statistics.mean()[i % 3]) / Math.sqrt(statistics.variance()[i % 3]);
    }
    return patch;
  }

  private static void addSquares(double[] squares, float[] filters, double[] patch) {
    for (int filter = 0; filter < squares.length; filter++) {
      double sum = 0;
      for (int i = 0; i < patch.length; i++) {
        sum += filters[i * squares.length + filter] * patch[i];
      }
      squares[filter] += sum * sum;
    }
  }

  private static double[][] symmetric(int size, Random random) {
    double[][] matrix = new double[size][size];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j <= i; j++) {
        matrix[i][j] = random.nextGaussian();
        matrix[j][i] = matrix[i][j];
      }
    }
    return matrix;
  }
}
