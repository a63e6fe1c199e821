package io.pigeonhole.image;

/**
 * Makes sRGB (IEC 61966-2-1) of the colours that an image's values stand for: each value becomes
 * light by a curve, the three lights become those of sRGB's primaries by a matrix, and sRGB's curve
 * makes values of them. What sRGB cannot show is clipped.
 */
final class ColorConversion {
  /** Leaves colours as they are. */
  static final ColorConversion NONE = new ColorConversion(null, null);

  private static final int VALUES = 256;
  private static final int STEPS = 1 << 14;
  // of which each is 15 of 255 above the one before
  private static final int LEVELS = 18;
  private static final byte[] SRGB = encoded();

  private final float[][] light;
  private final float[][] matrix;

  private ColorConversion(float[][] light, float[][] matrix) {
    this.light = light;
    this.matrix = matrix;
  }

  /**
   * The conversion of colours of these primaries, and of a curve for red, green and blue each. What
   * changes no colour by more than 1 of 255 is {@link #NONE}.
   */
  static ColorConversion of(Primaries primaries, ToneCurve... curves) {
    float[][] light = new float[3][VALUES];
    for (int c = 0; c < 3; c++) {
      for (int value = 0; value < VALUES; value++) {
        light[c][value] = (float) curves[c].light(value / (VALUES - 1.0));
      }
    }
    ColorConversion conversion = new ColorConversion(light, primaries.toSrgb());
    return conversion.isVisible() ? conversion : NONE;
  }

  /** Converts red, green and blue of each pixel, in place. */
  void convert(byte[] rgb) {
    if (this == NONE) {
      return;
    }
    for (int i = 0; i < rgb.length; i += 3) {
      float red = light[0][rgb[i] & 0xff];
      float green = light[1][rgb[i + 1] & 0xff];
      float blue = light[2][rgb[i + 2] & 0xff];
      for (int c = 0; c < 3; c++) {
        float[] row = matrix[c];
        rgb[i + c] = srgb(row[0] * red + row[1] * green + row[2] * blue);
      }
    }
  }

  private boolean isVisible() {
    byte[] rgb = new byte[3];
    for (int color = 0; color < LEVELS * LEVELS * LEVELS; color++) {
      int[] values = {
        color / (LEVELS * LEVELS) * 15, color / LEVELS % LEVELS * 15, color % LEVELS * 15
      };
      for (int c = 0; c < 3; c++) {
        rgb[c] = (byte) values[c];
      }
      convert(rgb);
      for (int c = 0; c < 3; c++) {
        if (Math.abs((rgb[c] & 0xff) - values[c]) > 1) {
          return true;
        }
      }
    }
    return false;
  }

  /** The value, 0 to 255, of a light of 0 to 1. */
  static byte srgb(float light) {
    // the comparison is also false for what is no number
    return light > 0 ? SRGB[(int) (Math.min(light, 1) * STEPS + 0.5f)] : 0;
  }

  private static byte[] encoded() {
    byte[] values = new byte[STEPS + 1];
    for (int i = 0; i <= STEPS; i++) {
      double light = i / (double) STEPS;
      double value = light <= 0.0031308 ? 12.92 * light : 1.055 * Math.pow(light, 1 / 2.4) - 0.055;
      values[i] = (byte) Math.round(255 * value);
    }
    return values;
  }
}
