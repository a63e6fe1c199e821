package io.pigeonhole.image;

import java.util.Optional;

/**
 * A PNG (W3C PNG specification, third edition). Only what pixels are made of is handed on to
 * libpng: no text, no profile, no animation.
 *
 * @param transparent whether pixels may be transparent
 * @param broken whether its pixels must be repaired before they can be decoded
 */
record PngFile(
    FileBytes file,
    PngChunks chunks,
    PngRows rows,
    boolean transparent,
    boolean broken,
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
    int bits = file.u8(24) * channels(file, file.u8(25));
    PngRows rows = new PngRows(width, height, bits, file.u8(28) == 1);
    requireData(file, rows, chunks.dataBytes());
    boolean transparent = (file.u8(25) & ALPHA) != 0 || chunks.first().containsKey("tRNS");
    Long exif = chunks.first().get("eXIf");
    Orientation orientation = exif == null ? Orientation.UPRIGHT : Exif.orientation(file, exif + 8);
    return new PngFile(file, chunks, rows, transparent, chunks.damaged(), orientation);
  }

  /** Makes sure that a few bytes do not claim a large image. */
  private static void requireData(FileBytes file, PngRows rows, long dataBytes)
      throws UndecodableImageException {
    long row = 1 + ((long) rows.width() * rows.bits() + 7) / 8;
    if (row > MAX_EXPANSION * dataBytes / rows.height()) {
      throw file.corrupt(
          "%d x %d pixels cannot come from %d bytes of data",
          rows.width(), rows.height(), dataBytes);
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
  public int width() {
    return rows.width();
  }

  @Override
  public int height() {
    return rows.height();
  }

  @Override
  public ColorConversion colors() {
    return PngColors.conversion(file, chunks.first());
  }

  @Override
  public Memory memory(Wanted wanted) {
    long reduced = Reduction.bytes(width(), height(), Reduction.divisor(width(), height(), wanted));
    long turned = orientation == Orientation.UPRIGHT ? 0 : reduced;
    long pixels = (long) width() * height();
    long repaired = broken ? PngRepair.heap(rows, file.length()) : 0;
    return new Memory(
        reduced + turned + repaired + (chunks.superfluous() ? file.length() : 0),
        Math.max(file.length(), repaired / 3) + pixels * (transparent ? 4 : 3) + 32L * width());
  }

  @Override
  public Pixels decode(TensorFlowDecoder tensorFlow, Wanted wanted)
      throws UndecodableImageException {
    int divisor = Reduction.divisor(width(), height(), wanted);
    return tensorFlow.png(essence(), transparent, divisor);
  }

  private FileBytes essence() throws UndecodableImageException {
    if (broken) {
      return PngRepair.repaired(file, chunks, rows);
    }
    return chunks.superfluous() ? chunks.essence() : file;
  }

  @Override
  public Optional<ImageFile> salvaged() {
    return broken
        ? Optional.empty()
        : Optional.of(new PngFile(file, chunks, rows, transparent, true, orientation));
  }
}
