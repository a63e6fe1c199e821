package io.pigeonhole.trainer.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class RowSpaceTest {

  private static final int ROWS = 12;
  private static final int WIDTH = 50;

  private static float[] rows() {
    Random random = new Random(1);
    float[] rows = new float[ROWS * WIDTH];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (float) random.nextGaussian();
    }
    System.arraycopy(rows, 0, rows, WIDTH, WIDTH); // the same picture twice
    return rows;
  }

  private static double product(float[] a, int row, float[] b, int other, int width) {
    double sum = 0;
    for (int i = 0; i < width; i++) {
      sum += a[row * width + i] * b[other * width + i];
    }
    return sum;
  }

  @Test
  void keepsLengthsAndAngles() {
    float[] rows = rows();
    RowSpace space = RowSpace.of(rows, ROWS);
    double length = product(rows, 0, rows, 0, WIDTH);
    for (int i = 0; i < ROWS; i++) {
      for (int j = 0; j < ROWS; j++) {
        assertThat(product(space.coordinates(), i, space.coordinates(), j, ROWS))
            .isCloseTo(product(rows, i, rows, j, WIDTH), within(0.01 * length));
      }
    }
  }

  /** What a head makes of features must be what it was fitted to make of coordinates. */
  @Test
  void hasTheCoordinatesAlongItsAxes() {
    float[] rows = rows();
    RowSpace space = RowSpace.of(rows, ROWS);
    assertThat(space.axes().count()).isEqualTo(ROWS);
    for (int row = 0; row < ROWS; row++) {
      for (int axis = 0; axis < ROWS; axis++) {
        assertThat((double) space.coordinates()[row * ROWS + axis])
            .isCloseTo(product(rows, row, space.axes().values(), axis, WIDTH), within(1e-4));
      }
    }
  }
}
