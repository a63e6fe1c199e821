package io.pigeonhole.trainer.network;

import io.pigeonhole.trainer.data.Images;
import org.tensorflow.ndarray.Shape;

/** The filter bank of {@link io.pigeonhole.trainer.recipe.Layer.Whitening}. */
final class Whitening {

  /** Images whose patches are looked at: enough for a covariance of a dozen values. */
  private static final int SAMPLE = 2000;

  /** Added to a component's variance, so that noise is not blown up. */
  private static final double FLOOR = 5e-4;

  private Whitening() {}

  /**
   * Principal components of the patches, each scaled to unit variance, then their negatives.
   *
   * @param shape {@code [size, size, channels, 2·size·size·channels]}
   * @return in row-major order
   */
  static float[] filters(Images images, ImageStatistics statistics, Shape shape) {
    int size = (int) shape.get(0);
    SymmetricEigen eigen =
        SymmetricEigen.of(covariance(images, statistics, size, (int) shape.get(2)));
    int values = eigen.values().length;
    float[] filters = new float[2 * values * values];
    for (int component = 0; component < values; component++) {
      double factor = 1 / Math.sqrt(eigen.values()[component] + FLOOR);
      for (int i = 0; i < values; i++) {
        float weight = (float) (eigen.vectors()[i][component] * factor);
        filters[i * 2 * values + component] = weight;
        filters[i * 2 * values + values + component] = -weight;
      }
    }
    return filters;
  }

  /** Second moments of the standardised patches, their values ordered as in a kernel. */
  private static double[][] covariance(
      Images images, ImageStatistics statistics, int size, int channels) {
    int side = images.size();
    double[][] sums = new double[size * size * channels][size * size * channels];
    double[] patch = new double[sums.length];
    long patches = 0;
    byte[] pixels = new byte[images.bytesPerImage()];
    for (int image = 0; image < Math.min(images.count(), SAMPLE); image++) {
      images.read(image, pixels, 0);
      for (int y = 0; y + size <= side; y++) {
        for (int x = 0; x + size <= side; x++) {
          for (int i = 0; i < patch.length; i++) {
            int channel = i % channels;
            int column = x + i / channels % size;
            int row = y + i / channels / size;
            int at = (row * side + column) * Images.CHANNELS + channel;
            patch[i] =
                ((pixels[at] & 0xff) - statistics.mean()[channel])
                    / Math.sqrt(statistics.variance()[channel]);
          }
          addProducts(sums, patch);
          patches++;
        }
      }
    }
    for (double[] row : sums) {
      for (int i = 0; i < row.length; i++) {
        row[i] /= Math.max(1, patches);
      }
    }
    return sums;
  }

  private static void addProducts(double[][] sums, double[] patch) {
    for (int i = 0; i < patch.length; i++) {
      for (int j = 0; j < patch.length; j++) {
        sums[i][j] += patch[i] * patch[j];
      }
    }
  }
}
