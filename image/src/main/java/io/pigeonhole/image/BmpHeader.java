package io.pigeonhole.image;

/**
 * What a bitmap says before its pixels: the headers of OS/2 (12, 16 and 64 bytes) and of Windows
 * (40 to 124 bytes).
 *
 * @param topDown whether the first stored row is the top one
 * @param bitsPerPixel 1, 2, 4 or 8 for indexes of a palette, 16, 24 or 32 for colours
 * @param size of the header
 * @param pixels where they begin
 */
record BmpHeader(
    int width,
    int height,
    boolean topDown,
    int bitsPerPixel,
    Compression compression,
    int size,
    long pixels) {
  static final int START = 14;
  private static final int OLDEST = 12;
  private static final int OS2 = 64;
  private static final int WINDOWS = 40;

  enum Compression {
    NONE,
    RLE8,
    RLE4,
    MASKS,
    MASKS_WITH_ALPHA
  }

  static boolean isSize(int size) {
    return switch (size) {
      case OLDEST, 16, WINDOWS, 52, 56, OS2, 108, 124 -> true;
      default -> false;
    };
  }

  static BmpHeader read(FileBytes file, ImageLimits limits) throws UndecodableImageException {
    int size = file.little32(START);
    boolean oldest = size == OLDEST;
    long width = oldest ? file.little16(18) : file.little32(18);
    long height = oldest ? file.little16(20) : file.little32(22);
    limits.requireSize(file, width, Math.abs(height));
    BmpHeader header =
        new BmpHeader(
            (int) width,
            (int) Math.abs(height),
            height < 0,
            file.little16(oldest ? 24 : 28),
            size < WINDOWS ? Compression.NONE : compression(file, size),
            size,
            file.little32(10) & 0xffffffffL);
    header.requireBits(file);
    header.requireRows(file);
    return header;
  }

  private static Compression compression(FileBytes file, int size)
      throws UndecodableImageException {
    int code = file.little32(30);
    boolean os2 = size == OS2 && code > 2;
    if (os2 || code == 4 || code == 5 || (code >= 11 && code <= 13)) {
      throw file.unsupported("compression %d is not decoded", code);
    }
    return switch (code) {
      case 0 -> Compression.NONE;
      case 1 -> Compression.RLE8;
      case 2 -> Compression.RLE4;
      case 3 -> Compression.MASKS;
      case 6 -> Compression.MASKS_WITH_ALPHA;
      default -> throw file.corrupt("compression 0 to 6 was expected, found %d", code);
    };
  }

  private void requireBits(FileBytes file) throws UndecodableImageException {
    boolean sound =
        switch (compression) {
          case NONE ->
              switch (bitsPerPixel) {
                case 1, 2, 4, 8, 16, 24, 32 -> true;
                default -> false;
              };
          case RLE8 -> bitsPerPixel == 8 && !topDown;
          case RLE4 -> bitsPerPixel == 4 && !topDown;
          case MASKS, MASKS_WITH_ALPHA -> bitsPerPixel == 16 || bitsPerPixel == 32;
        };
    if (!sound) {
      throw file.corrupt("%d bits a pixel do not go with %s", bitsPerPixel, compression);
    }
  }

  private void requireRows(FileBytes file) throws UndecodableImageException {
    if (pixels < START + size) {
      throw file.corrupt("its pixels begin at %d, within its header", pixels);
    } else if (!runLengthEncoded()) {
      file.require(pixels, stride() * (height - 1) + ((long) width * bitsPerPixel + 7) / 8);
    }
  }

  boolean runLengthEncoded() {
    return compression == Compression.RLE8 || compression == Compression.RLE4;
  }

  /** Bytes from a stored row to the next. */
  long stride() {
    return ((long) width * bitsPerPixel + 31) / 32 * 4;
  }

  /** The colours of indexes, as 0xRRGGBB; black where the palette is shorter. */
  int[] palette(FileBytes file) throws UndecodableImageException {
    boolean oldest = size == OLDEST;
    int entry = oldest ? 3 : 4;
    long start = (long) START + size;
    int most = 1 << bitsPerPixel;
    int used = size >= WINDOWS ? file.little32(46) : 0;
    int count = used > 0 && used < most ? used : most;
    count = (int) Math.min(count, (pixels - start) / entry);
    int[] palette = new int[most];
    for (int i = 0; i < count; i++) {
      long at = start + (long) entry * i;
      palette[i] = file.u8(at + 2) << 16 | file.u8(at + 1) << 8 | file.u8(at);
    }
    return palette;
  }

  /** Which bits are red, green, blue and alpha; none where there are no such bits. */
  int[] masks(FileBytes file) throws UndecodableImageException {
    if (compression == Compression.NONE) {
      return bitsPerPixel == 16
          ? new int[] {0x7c00, 0x3e0, 0x1f, 0}
          : new int[] {0xff0000, 0xff00, 0xff, 0};
    }
    boolean alpha = compression == Compression.MASKS_WITH_ALPHA || size >= 56;
    long start = START + WINDOWS;
    return new int[] {
      file.little32(start),
      file.little32(start + 4),
      file.little32(start + 8),
      alpha ? file.little32(start + 12) : 0
    };
  }
}
