package io.pigeonhole.image;

/**
 * A PNG (W3C PNG specification, third edition) whose chunks are all there and whose checksums are
 * right. Only what pixels are made of is handed on to libpng: no text, no profile, no animation.
 *
 * @param transparent whether pixels may be transparent
 * @param superfluous whether it has bytes that pixels are not made of
 */
record PngFile(
    FileBytes file,
    int width,
    int height,
    boolean transparent,
    boolean superfluous,
    Orientation orientation)
    implements ImageFile {
  static final String SIGNATURE = "\u0089PNG\r\n\u001a\n";

  private static final int FIRST_CHUNK = 8;
  // zlib can make no more of a byte
  private static final long MAX_EXPANSION = 1032;
  private static final int ALPHA = 4;

  static PngFile read(byte[] bytes, ImageLimits limits) throws UndecodableImageException {
    FileBytes file = new FileBytes("PNG", bytes);
    if (file.has(FIRST_CHUNK + 4L, "CgBI")) {
      throw file.unsupported("it is Apple's own variant");
    } else if (!file.has(FIRST_CHUNK + 4L, "IHDR") || file.big32(FIRST_CHUNK) != 13) {
      throw file.corrupt("it does not begin with IHDR");
    }
    int width = file.big32(16);
    int height = file.big32(20);
    limits.requireSize(file, width, height);
    PngChunks chunks = PngChunks.read(file);
    requireData(file, width, height, chunks.dataBytes());
    return new PngFile(
        file,
        width,
        height,
        (file.u8(25) & ALPHA) != 0 || chunks.transparency(),
        chunks.superfluous(),
        chunks.orientation());
  }

  /** Makes sure that a few bytes do not claim a large image. */
  private static void requireData(FileBytes file, int width, int height, long dataBytes)
      throws UndecodableImageException {
    long bits = (long) file.u8(24) * channels(file, file.u8(25));
    long row = 1 + (width * bits + 7) / 8;
    if (row > MAX_EXPANSION * dataBytes / height) {
      throw file.corrupt(
          "%d x %d pixels cannot come from %d bytes of data", width, height, dataBytes);
    }
  }

  private static int channels(FileBytes file, int colorType) throws UndecodableImageException {
    return switch (colorType) {
      case 0, 3 -> 1;
      case 2 -> 3;
      case 4 -> 2;
      case 6 -> 4;
      default -> throw file.corrupt("colour type 0, 2, 3, 4 or 6 was expected, not %d", colorType);
    };
  }

  @Override
  public Memory memory(Wanted wanted) {
    long reduced = Reduction.bytes(width, height, Reduction.divisor(width, height, wanted));
    long turned = orientation == Orientation.UPRIGHT ? 0 : reduced;
    long pixels = (long) width * height;
    return new Memory(
        reduced + turned + (superfluous ? file.length() : 0),
        file.length() + pixels * (transparent ? 4 : 3) + 32L * width);
  }

  @Override
  public Pixels decode(TensorFlowDecoder tensorFlow, Wanted wanted)
      throws UndecodableImageException {
    FileBytes essence = superfluous ? PngChunks.essence(file) : file;
    return tensorFlow.png(essence, transparent, Reduction.divisor(width, height, wanted));
  }
}
