package io.pigeonhole.image;

/**
 * How the samples of a TIFF are to be read.
 *
 * @param alpha what the first sample after the colours is
 */
record TiffSamples(TiffPhotometric photometric, int bits, Numbers numbers, Alpha alpha) {
  private static final int MAX_INTEGER_BITS = 32;

  /** What samples are written as. */
  enum Numbers {
    UNSIGNED,
    SIGNED,
    FLOATING
  }

  /** What an extra sample says of the colours. */
  enum Alpha {
    NONE,
    ASSOCIATED,
    UNASSOCIATED
  }

  /**
   * That of a file.
   *
   * @throws UndecodableImageException {@code unsupported-format} if it is not known how to read
   *     them
   */
  static TiffSamples of(FileBytes file, TiffFields fields) throws UndecodableImageException {
    TiffPhotometric photometric = TiffPhotometric.of(file, fields);
    int bits = fields.value(TiffTags.BITS, 1);
    Numbers numbers = numbers(file, fields, photometric);
    if (numbers != Numbers.FLOATING && bits > MAX_INTEGER_BITS) {
      throw file.unsupported("integers of %d bits are not decoded", bits);
    } else if (bits == 4 && photometric == TiffPhotometric.RGB) {
      // which TwelveMonkeys reads in the wrong order
      throw file.unsupported("RGB of 4 bits is not decoded");
    }
    return new TiffSamples(photometric, bits, numbers, alpha(fields, photometric));
  }

  private static Numbers numbers(FileBytes file, TiffFields fields, TiffPhotometric photometric)
      throws UndecodableImageException {
    int format = fields.value(TiffTags.SAMPLE_FORMAT, 1);
    if (photometric.isLab()) {
      int bits = fields.value(TiffTags.BITS, 1);
      if (format == 3 || (bits != 8 && bits != 16)) {
        throw file.unsupported("CIELab of %d bits or fractions is not decoded", bits);
      }
      // what has a sign is known: the places, and never the lightness
      return Numbers.UNSIGNED;
    }
    return switch (format) {
      case 1, 4 -> Numbers.UNSIGNED;
      case 2 -> Numbers.SIGNED;
      case 3 -> Numbers.FLOATING;
      default -> throw file.unsupported("complex numbers are not decoded");
    };
  }

  private static Alpha alpha(TiffFields fields, TiffPhotometric photometric)
      throws UndecodableImageException {
    boolean extra = fields.samples() > photometric.colors();
    return switch (extra ? fields.value(TiffTags.EXTRA_SAMPLES, 0) : 0) {
      case 1 -> Alpha.ASSOCIATED;
      case 2 -> Alpha.UNASSOCIATED;
      default -> Alpha.NONE;
    };
  }

  /** Whether what is white can be told by the bits of a sample. */
  boolean haveKnownWhite() {
    return numbers != Numbers.FLOATING && bits <= 16;
  }

  /** The number that is white. */
  int white() {
    return (1 << (numbers == Numbers.SIGNED ? bits - 1 : bits)) - 1;
  }
}
