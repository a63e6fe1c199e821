package io.pigeonhole.image;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * How an image of another size is brought to the network's: averaged over areas where it shrinks,
 * linearly interpolated where it grows, left alone where the sizes are equal.
 */
public enum Resize {
  /** Cuts the centre of the network's shape out; nothing is distorted, borders are lost. */
  CROP,
  /** Takes all of the image; other shapes are distorted. */
  STRETCH;

  /**
   * Writes {@code height * width * 3} bytes, {@code uint8} RGB, row-major, at the target's
   * position, which moves on by as many.
   */
  public void into(Pixels image, int height, int width, ByteBuffer target) {
    if (image.height() == height && image.width() == width) {
      target.put(image.rgb());
      return;
    }
    double spanX = image.width();
    double spanY = image.height();
    if (this == CROP) {
      double scale = Math.min(spanX / width, spanY / height);
      spanX = scale * width;
      spanY = scale * height;
    }
    Samples columns = Samples.of((image.width() - spanX) / 2, spanX, width, image.width());
    Samples rows = Samples.of((image.height() - spanY) / 2, spanY, height, image.height());
    float[] sums = new float[width * 3];
    for (int y = 0; y < height; y++) {
      Arrays.fill(sums, 0);
      for (int k = 0; k < rows.weights()[y].length; k++) {
        add(image, rows.first()[y] + k, rows.weights()[y][k], columns, sums);
      }
      for (float sum : sums) {
        target.put((byte) Math.max(0, Math.min(255, Math.round(sum))));
      }
    }
  }

  /** Adds a row of the image, resampled along its columns, times a weight. */
  private static void add(Pixels image, int row, float rowWeight, Samples columns, float[] sums) {
    byte[] rgb = image.rgb();
    int start = row * image.width() * 3;
    for (int x = 0; x < columns.first().length; x++) {
      float red = 0;
      float green = 0;
      float blue = 0;
      int at = start + columns.first()[x] * 3;
      for (float weight : columns.weights()[x]) {
        red += weight * (rgb[at] & 0xff);
        green += weight * (rgb[at + 1] & 0xff);
        blue += weight * (rgb[at + 2] & 0xff);
        at += 3;
      }
      sums[3 * x] += rowWeight * red;
      sums[3 * x + 1] += rowWeight * green;
      sums[3 * x + 2] += rowWeight * blue;
    }
  }

  /** For each sample along a side: the first pixel that counts, and the weights from there on. */
  @SuppressWarnings("ArrayRecordComponent") // read, never compared
  private record Samples(int[] first, float[][] weights) {

    static Samples of(double start, double span, int count, int size) {
      double step = span / count;
      int[] first = new int[count];
      float[][] weights = new float[count][];
      for (int i = 0; i < count; i++) {
        // Shrinking, a sample is an area one step wide; growing, one pixel wide between two.
        double centre = start + (i + 0.5) * step;
        double reach = Math.max(step, 1) / 2;
        double low = Math.max(0, centre - reach);
        double high = Math.min(size, centre + reach);
        first[i] = Math.min(size - 1, (int) Math.floor(low));
        int end = Math.min(size, Math.max(first[i] + 1, (int) Math.ceil(high)));
        weights[i] = weights(first[i], end, low, high);
      }
      return new Samples(first, weights);
    }

    private static float[] weights(int first, int end, double low, double high) {
      float[] weights = new float[end - first];
      for (int k = 0; k < weights.length; k++) {
        double covered = Math.min(high, first + k + 1) - Math.max(low, first + k);
        weights[k] = (float) (Math.max(0, covered) / (high - low));
      }
      return weights;
    }
  }
}
