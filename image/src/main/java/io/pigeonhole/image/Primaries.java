package io.pigeonhole.image;

/**
 * The colours that red, green and blue stand for, as the columns of a matrix to CIE XYZ under D50,
 * in which ICC profiles say them. Another white is adapted to it, so that white stays white.
 */
@SuppressWarnings("ArrayRecordComponent") // read, never compared
record Primaries(double[][] toXyz) {
  private static final double[] D50 = {0.9642, 1, 0.8249};
  private static final double[] D65 = {0.3127, 0.3290};

  // Bradford's cone responses, by which ICC.1 adapts whites
  private static final double[][] CONES = {
    {0.8951, 0.2664, -0.1614}, {-0.7502, 1.7135, 0.0367}, {0.0389, -0.0685, 1.0296}
  };

  static final Primaries SRGB =
      ofChromaticities(0.64, 0.33, 0.30, 0.60, 0.15, 0.06, D65[0], D65[1]);
  static final Primaries DISPLAY_P3 =
      ofChromaticities(0.680, 0.320, 0.265, 0.690, 0.150, 0.060, D65[0], D65[1]);
  static final Primaries BT2020 =
      ofChromaticities(0.708, 0.292, 0.170, 0.797, 0.131, 0.046, D65[0], D65[1]);

  /** Of the chromaticities x, y of red, green, blue and white, in this order. */
  static Primaries ofChromaticities(double... xy) {
    double[][] colors = new double[3][3];
    for (int i = 0; i < 3; i++) {
      double[] color = xyz(xy[2 * i], xy[2 * i + 1]);
      for (int row = 0; row < 3; row++) {
        colors[row][i] = color[row];
      }
    }
    double[] white = xyz(xy[6], xy[7]);
    double[] amounts = Matrix.times(Matrix.inverse(colors), white);
    return new Primaries(
        Matrix.times(adaptation(white), Matrix.times(colors, Matrix.diagonal(amounts))));
  }

  /** Whether the three are different enough to make colours of. */
  boolean areSound() {
    double determinant = Matrix.determinant(toXyz);
    return Double.isFinite(determinant) && Math.abs(determinant) > 1e-4;
  }

  /** The matrix from light in these primaries to light in those of sRGB. */
  double[][] toSrgb() {
    return Matrix.times(Matrix.inverse(SRGB.toXyz), toXyz);
  }

  private static double[] xyz(double x, double y) {
    return new double[] {x / y, 1, (1 - x - y) / y};
  }

  private static double[][] adaptation(double[] white) {
    double[] from = Matrix.times(CONES, white);
    double[] to = Matrix.times(CONES, D50);
    double[] factors = {to[0] / from[0], to[1] / from[1], to[2] / from[2]};
    return Matrix.times(Matrix.inverse(CONES), Matrix.times(Matrix.diagonal(factors), CONES));
  }
}
