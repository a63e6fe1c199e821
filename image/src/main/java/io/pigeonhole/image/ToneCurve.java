package io.pigeonhole.image;

/** How much light a value of an image stands for. */
interface ToneCurve {
  ToneCurve SRGB =
      value -> value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);

  /**
   * The light, 1 for white and 0 for black.
   *
   * @param value 0 to 1
   */
  double light(double value);

  static ToneCurve gamma(double exponent) {
    return value -> Math.pow(value, exponent);
  }
}
