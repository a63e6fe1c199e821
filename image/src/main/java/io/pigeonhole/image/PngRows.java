package io.pigeonhole.image;

import java.util.function.IntConsumer;

/**
 * The rows of a PNG as they are compressed: each a filter's number and the packed pixels;
 * interlaced, those of seven smaller images one after the other.
 *
 * @param bits of a pixel
 */
record PngRows(int width, int height, int bits, boolean interlaced) {
  private static final int[][] WHOLE = {{0, 0, 1, 1}};

  /** Where the pixels of each pass begin, and how far they are apart, across and down. */
  private static final int[][] ADAM7 = {
    {0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}
  };

  /** All bytes. */
  long bytes() {
    long bytes = 0;
    for (int[] pass : passes()) {
      bytes += rowBytes(pass) * rows(pass);
    }
    return bytes;
  }

  /** Calls with the place of each row that begins there or later. */
  void forEachFrom(int from, IntConsumer rowStart) {
    long at = 0;
    for (int[] pass : passes()) {
      for (long row = 0; row < rows(pass) && rowBytes(pass) > 0; row++) {
        if (at >= from) {
          rowStart.accept((int) at);
        }
        at += rowBytes(pass);
      }
    }
  }

  private int[][] passes() {
    return interlaced ? ADAM7 : WHOLE;
  }

  private long rowBytes(int[] pass) {
    long columns = Math.max(0, (width - pass[0] + pass[2] - 1) / pass[2]);
    return columns == 0 ? 0 : 1 + (columns * bits + 7) / 8;
  }

  private long rows(int[] pass) {
    return Math.max(0, (height - pass[1] + pass[3] - 1) / pass[3]);
  }
}
