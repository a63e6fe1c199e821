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
}
