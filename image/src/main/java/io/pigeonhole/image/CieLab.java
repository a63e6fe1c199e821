package io.pigeonhole.image;

/** CIE 1976 L*a*b* under D50, as printers and ICC use it. */
final class CieLab {
  private static final double[] D50 = {0.9642, 1, 0.8249};
  private static final double[][] TO_SRGB = Matrix.inverse(Primaries.SRGB.toXyz());

  private CieLab() {}

  /** The sRGB colour, 0xRRGGBB, of a lightness of 0 to 100 and a place of -128 to 127. */
  static int rgb(double lightness, double a, double b) {
    double y = (lightness + 16) / 116;
    double[] xyz = {D50[0] * light(y + a / 500), D50[1] * light(y), D50[2] * light(y - b / 200)};
    int rgb = 0;
    for (double light : Matrix.times(TO_SRGB, xyz)) {
      rgb = rgb << 8 | (ColorConversion.srgb((float) light) & 0xff);
    }
    return rgb;
  }

  private static double light(double f) {
    return f > 6.0 / 29 ? f * f * f : (f - 16.0 / 116) * 108 / 841;
  }
}
