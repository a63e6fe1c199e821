package io.pigeonhole.image;

/**
 * How the samples of a TIFF are to be read.
 *
 * @param alpha what the first sample after the colours is
 */
record TiffSamples(TiffPhotometric photometric, int bits, Numbers numbers, Alpha alpha) {

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

  static TiffSamples of(FileBytes file, TiffFields fields) throws UndecodableImageException {
    TiffPhotometric photometric = TiffPhotometric.of(file, fields);
    Numbers numbers =
        switch (fields.value(TiffTags.SAMPLE_FORMAT, 1)) {
          case 1, 4 -> Numbers.UNSIGNED;
          case 2 -> Numbers.SIGNED;
          case 3 -> Numbers.FLOATING;
          default -> throw file.unsupported("complex numbers are not decoded");
        };
    int bits = fields.value(TiffTags.BITS, 1);
    if (bits == 4 && photometric == TiffPhotometric.RGB) {
      // which TwelveMonkeys reads in the wrong order
      throw file.unsupported("RGB of 4 bits is not decoded");
    }
    boolean extra = fields.samples() > photometric.colors();
    Alpha alpha =
        switch (extra ? fields.value(TiffTags.EXTRA_SAMPLES, 0) : 0) {
          case 1 -> Alpha.ASSOCIATED;
          case 2 -> Alpha.UNASSOCIATED;
          default -> Alpha.NONE;
        };
    return new TiffSamples(photometric, bits, numbers, alpha);
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
