package io.pigeonhole.image;

/**
 * Colours by the code points of ITU-T H.273, as PNG's cICP and HEIF's nclx say them. Of brighter
 * ones than white, as PQ and HLG have them, white is what is left.
 */
final class CodedColors {
  // ITU-R BT.2408: what diffuse white is in cd/m², and in the signal of HLG
  private static final double WHITE_OF_PQ = 203;
  private static final double WHITE_OF_HLG = 0.265;

  private CodedColors() {}

  /** How they become sRGB; not at all if a code is not known. */
  static ColorConversion conversion(int primaries, int transfer) {
    Primaries colors =
        switch (primaries) {
          case 1 -> Primaries.SRGB;
          case 9 -> Primaries.BT2020;
          case 12 -> Primaries.DISPLAY_P3;
          default -> null;
        };
    ToneCurve curve = curve(transfer);
    return colors == null || curve == null
        ? ColorConversion.NONE
        : ColorConversion.of(colors, curve, curve, curve);
  }

  private static ToneCurve curve(int transfer) {
    return switch (transfer) {
      // cameras' curves are shown by sRGB's, as browsers do
      case 1, 6, 14, 15, 13 -> ToneCurve.SRGB;
      case 4 -> ToneCurve.gamma(2.2);
      case 5 -> ToneCurve.gamma(2.8);
      case 8 -> ToneCurve.gamma(1);
      case 16 -> CodedColors::pq;
      case 18 -> CodedColors::hlg;
      default -> null;
    };
  }

  /** SMPTE ST 2084. */
  private static double pq(double value) {
    double power = Math.pow(value, 1 / 78.84375);
    double nits =
        10_000
            * Math.pow(
                Math.max(power - 0.8359375, 0) / (18.8515625 - 18.6875 * power),
                1 / 0.1593017578125);
    return nits / WHITE_OF_PQ;
  }

  /** ARIB STD-B67, without the system's gamma. */
  private static double hlg(double value) {
    double light =
        value <= 0.5
            ? value * value / 3
            : (Math.exp((value - 0.55991073) / 0.17883277) + 0.28466892) / 12;
    return light / WHITE_OF_HLG;
  }
}
