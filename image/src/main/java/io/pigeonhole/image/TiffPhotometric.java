package io.pigeonhole.image;

/** What the samples of a TIFF stand for. */
enum TiffPhotometric {
  WHITE_IS_ZERO(0, 1),
  BLACK_IS_ZERO(1, 1),
  RGB(2, 3),
  PALETTE(3, 1),
  CMYK(5, 4),
  YCBCR(6, 3),
  CIELAB(8, 3),
  ICCLAB(9, 3);

  private final int code;
  private final int colors;

  TiffPhotometric(int code, int colors) {
    this.code = code;
    this.colors = colors;
  }

  /** Whether a profile of RGB can be that of such samples. */
  boolean isRgb() {
    return this == RGB || this == PALETTE || this == YCBCR;
  }

  boolean isLab() {
    return this == CIELAB || this == ICCLAB;
  }

  /** How many samples of a pixel are its colour; what comes after them is something else. */
  int colors() {
    return colors;
  }

  /**
   * That of a file; what libtiff assumes, if it does not say so.
   *
   * @throws UndecodableImageException {@code unsupported-format} if it is none of these
   */
  static TiffPhotometric of(FileBytes file, TiffFields fields) throws UndecodableImageException {
    int samples = fields.samples();
    int found =
        fields.value(TiffTags.PHOTOMETRIC, samples < RGB.colors ? BLACK_IS_ZERO.code : RGB.code);
    for (TiffPhotometric each : values()) {
      if (each.code == found) {
        if (samples < each.colors) {
          throw file.corrupt(
              "%d samples a pixel were expected for %s, found %d", each.colors, each, samples);
        }
        return each;
      }
    }
    throw file.unsupported("photometric interpretation %d is not decoded", found);
  }
}
