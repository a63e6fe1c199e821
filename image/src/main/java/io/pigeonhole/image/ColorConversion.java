package io.pigeonhole.image;

/**
 * Makes sRGB (IEC 61966-2-1) of the colours that an image's values stand for: each value becomes
 * light by a curve, the three lights become those of sRGB's primaries by a matrix, and sRGB's curve
 * makes values of them. What sRGB cannot show is clipped.
 */
final class ColorConversion {
  /** Leaves colours as they are. */
  static final ColorConversion NONE = new ColorConversion(new int[0][]);

  private static final int VALUES = 256;
  private static final int STEPS = 1 << 14;
  // bits of a step, so that sums are not rounded thrice
  private static final int FRACTION = 4;
  // so far from black and white that a sum of three is clipped, and still an int
  private static final double FAR_OUT = 1 << 29;
  // of which each is 15 of 255 above the one before
  private static final int LEVELS = 18;
  private static final byte[] SRGB = encoded();

  // what each value of red, green and blue adds to each light of sRGB's
  private final int[][] added;

  private ColorConversion(int[][] added) {
    this.added = added;
  }

  /**
   * The conversion of colours of these primaries, and of a curve for red, green and blue each. What
   * changes no colour by more than 1 of 255 is {@link #NONE}.
   */
  static ColorConversion of(Primaries primaries, ToneCurve... curves) {
    double[][] matrix = primaries.toSrgb();
    int[][] added = new int[3][3 * VALUES];
    for (int c = 0; c < 3; c++) {
      for (int value = 0; value < VALUES; value++) {
        double light = curves[c].light(value / (VALUES - 1.0)) * (STEPS << FRACTION);
        for (int to = 0; to < 3; to++) {
          double part = matrix[to][c] * light;
          added[c][3 * value + to] = (int) Math.round(Math.max(-FAR_OUT, Math.min(FAR_OUT, part)));
        }
      }
    }
    ColorConversion conversion = new ColorConversion(added);
    return conversion.isVisible() ? conversion : NONE;
  }

  /** Converts red, green and blue of each pixel, in place. */
  void convert(byte[] rgb) {
    if (this == NONE) {
      return;
    }
    int[] reds = added[0];
    int[] greens = added[1];
    int[] blues = added[2];
    for (int i = 0; i < rgb.length; i += 3) {
      int red = 3 * (rgb[i] & 0xff);
      int green = 3 * (rgb[i + 1] & 0xff);
      int blue = 3 * (rgb[i + 2] & 0xff);
      rgb[i] = value(reds[red] + greens[green] + blues[blue]);
      rgb[i + 1] = value(reds[red + 1] + greens[green + 1] + blues[blue + 1]);
      rgb[i + 2] = value(reds[red + 2] + greens[green + 2] + blues[blue + 2]);
    }
  }

  private static byte value(int light) {
    return SRGB[Math.max(0, Math.min(STEPS, (light + (1 << (FRACTION - 1))) >> FRACTION))];
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
