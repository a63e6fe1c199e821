package io.pigeonhole.image;

import java.util.Arrays;

/**
 * Takes an image's rows from the top, and keeps the averages over squares of pixels, so that an
 * image of which few pixels are needed never lies in memory whole.
 */
final class Reduction {
  // Averages of averages differ from averages where the squares do not fit: by little if they are
  // small.
  private static final int MARGIN = 8;

  private final int width;
  private final int height;
  private final int divisor;
  private final int columns;
  private final byte[] rgb;
  private final int[] sums;
  private int rows;
  private int written;

  /**
   * Prepares for an image.
   *
   * @param divisor the sides of the squares; those at the right and at the bottom may be narrower
   */
  Reduction(int width, int height, int divisor) {
    this.width = width;
    this.height = height;
    this.divisor = divisor;
    this.columns = divided(width, divisor);
    this.rgb = new byte[Math.multiplyExact(Math.multiplyExact(columns, 3), height())];
    this.sums = new int[divisor == 1 ? 0 : columns * 3];
  }

  /** By how much the sides of an image are to be divided so that the pixels wanted are left. */
  static int divisor(int width, int height, Wanted wanted) {
    return wanted.divisor(width, height, MARGIN);
  }

  /** The pixels that a reduction leaves. */
  static long pixels(int width, int height, int divisor) {
    return (long) divided(width, divisor) * divided(height, divisor);
  }

  /** The bytes of heap that the result of a reduction takes. */
  static long bytes(int width, int height, int divisor) {
    return 3 * pixels(width, height, divisor) + 12L * width;
  }

  /** Takes the next row: red, green and blue of each pixel. */
  void row(byte[] values, int from) {
    if (divisor == 1) {
      System.arraycopy(values, from, rgb, written, width * 3);
      written += width * 3;
      rows++;
      return;
    }
    add(values, from);
    rows++;
    if (rows % divisor == 0 || rows == height) {
      average((rows - 1) % divisor + 1);
    }
  }

  /** The averages, once every row is in. */
  Pixels pixels() {
    return new Pixels(columns, height(), rgb);
  }

  private void add(byte[] values, int from) {
    int at = from;
    for (int column = 0, left = width; column < sums.length; column += 3, left -= divisor) {
      int red = 0;
      int green = 0;
      int blue = 0;
      for (int end = at + 3 * Math.min(divisor, left); at < end; at += 3) {
        red += values[at] & 0xff;
        green += values[at + 1] & 0xff;
        blue += values[at + 2] & 0xff;
      }
      sums[column] += red;
      sums[column + 1] += green;
      sums[column + 2] += blue;
    }
  }

  private void average(int squareHeight) {
    for (int column = 0, left = width; column < sums.length; column += 3, left -= divisor) {
      int count = squareHeight * Math.min(divisor, left);
      for (int c = column; c < column + 3; c++) {
        rgb[written++] = (byte) ((sums[c] + count / 2) / count);
      }
    }
    Arrays.fill(sums, 0);
  }

  private int height() {
    return divided(height, divisor);
  }

  private static int divided(int side, int divisor) {
    return (side - 1) / divisor + 1;
  }
}
