package io.pigeonhole.image;

/** The background that shows through transparent pixels. */
final class White {
  static final int RGB = 0xffffff;

  private White() {}

  /** One value of a colour, 0 to 255, laid over white with an opacity of 0 to 255. */
  static int under(int value, int alpha) {
    return (value * alpha + 255 * (255 - alpha) + 127) / 255;
  }

  /** A colour, 0xRRGGBB, laid over white with an opacity of 0 to 255. */
  static int underColor(int rgb, int alpha) {
    if (alpha == 255) {
      return rgb & 0xffffff;
    }
    return under(rgb >> 16 & 0xff, alpha) << 16
        | under(rgb >> 8 & 0xff, alpha) << 8
        | under(rgb & 0xff, alpha);
  }

  /** A colour, 0xRRGGBB, which its opacity of 0 to 255 is already a part of, laid over white. */
  static int underAssociated(int rgb, int alpha) {
    int light = 255 - alpha;
    return Math.min(255, (rgb >> 16 & 0xff) + light) << 16
        | Math.min(255, (rgb >> 8 & 0xff) + light) << 8
        | Math.min(255, (rgb & 0xff) + light);
  }

  /**
   * Makes RGB of RGBA, in place.
   *
   * @param associated whether opacities are already a part of the colours
   */
  static void layUnder(byte[] values, int pixels, boolean associated) {
    for (int from = 0, to = 0; from < 4 * pixels; from += 4, to += 3) {
      int alpha = values[from + 3] & 0xff;
      for (int c = 0; c < 3; c++) {
        int value = values[from + c] & 0xff;
        values[to + c] =
            (byte) (associated ? Math.min(255, value + 255 - alpha) : under(value, alpha));
      }
    }
  }
}
