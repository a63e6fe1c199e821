package io.pigeonhole.image;

/** A row of pixels being put together. */
final class RgbRow {
  private final int width;
  private final byte[] values;

  RgbRow(int width) {
    this.width = width;
    this.values = new byte[Math.multiplyExact(width, 3)];
  }

  /** Sets a pixel to a colour, 0xRRGGBB. */
  void set(int x, int rgb) {
    values[3 * x] = (byte) (rgb >> 16);
    values[3 * x + 1] = (byte) (rgb >> 8);
    values[3 * x + 2] = (byte) rgb;
  }

  void fill(int rgb) {
    for (int x = 0; x < width; x++) {
      set(x, rgb);
    }
  }

  /** Red, green and blue of each pixel. */
  byte[] values() {
    return values;
  }
}
