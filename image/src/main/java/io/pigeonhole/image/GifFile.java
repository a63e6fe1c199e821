package io.pigeonhole.image;

/**
 * The first frame of a GIF (87a or 89a) on the GIF's screen, which is white where the frame is
 * transparent or does not reach. A frame that reaches beyond the screen widens it.
 *
 * @param palette 256 colours, as 0xRRGGBB
 * @param data where the frame's compressed pixels begin
 */
@SuppressWarnings("ArrayRecordComponent") // read, never compared
record GifFile(FileBytes file, int width, int height, GifFrame frame, int[] palette, int data)
    implements ImageFile {
  private static final int IMAGE = 0x2c;
  private static final int EXTENSION = 0x21;
  private static final int TRAILER = 0x3b;
  private static final int GRAPHIC_CONTROL = 0xf9;

  private static final int NO_INDEX = -1;

  static GifFile read(byte[] bytes, ImageLimits limits) throws UndecodableImageException {
    FileBytes file = new FileBytes("GIF", bytes);
    int screenWidth = file.little16(6);
    int screenHeight = file.little16(8);
    int[] palette = greys();
    int at = 13 + readPalette(file, 13, file.u8(10), palette);
    int transparent = NO_INDEX;
    while (file.u8(at) != IMAGE) {
      if (file.u8(at) == TRAILER) {
        throw file.corrupt("a frame was expected at %d, found the end", at);
      } else if (file.u8(at) != EXTENSION) {
        throw file.corrupt("a block was expected at %d, found %02x", at, file.u8(at));
      }
      if (file.u8(at + 1L) == GRAPHIC_CONTROL && file.u8(at + 2L) >= 4) {
        transparent = (file.u8(at + 3L) & 1) == 0 ? NO_INDEX : file.u8(at + 6L);
      }
      at = afterBlocks(file, at + 2);
    }
    GifFrame frame = GifFrame.read(file, at + 1);
    int width = Math.max(screenWidth, frame.left() + frame.width());
    int height = Math.max(screenHeight, frame.top() + frame.height());
    limits.requireSize(file, width, height);
    requireData(file, frame);
    int local = at + 10;
    int data = local + readPalette(file, local, file.u8(at + 9L), palette);
    if (transparent != NO_INDEX) {
      palette[transparent] = White.RGB;
    }
    return new GifFile(file, width, height, frame, palette, data);
  }

  /** Makes sure that a few bytes do not claim a large frame. */
  private static void requireData(FileBytes file, GifFrame frame) throws UndecodableImageException {
    if (frame.pixels() / GifLzw.MAX_PIXELS_PER_BYTE > file.length()) {
      throw file.corrupt(
          "%d x %d pixels cannot come from %d bytes", frame.width(), frame.height(), file.length());
    }
  }

  /** What a decoder shows is its own choice where a GIF has no palette. */
  private static int[] greys() {
    int[] greys = new int[256];
    for (int i = 0; i < greys.length; i++) {
      greys[i] = i * 0x010101;
    }
    return greys;
  }

  /** Reads a palette if the flags say that there is one; returns its length. */
  private static int readPalette(FileBytes file, int at, int flags, int[] palette)
      throws UndecodableImageException {
    if ((flags & 0x80) == 0) {
      return 0;
    }
    int count = 2 << (flags & 7);
    for (int i = 0; i < palette.length; i++) {
      palette[i] = i < count ? file.u8(at + 3L * i) << 16 | file.big16(at + 3L * i + 1) : 0;
    }
    return 3 * count;
  }

  private static int afterBlocks(FileBytes file, int from) throws UndecodableImageException {
    int at = from;
    while (file.u8(at) != 0) {
      at += 1 + file.u8(at);
    }
    return at + 1;
  }

  @Override
  public Memory memory(Wanted wanted) {
    long reduced = Reduction.bytes(width, height, Reduction.divisor(width, height, wanted));
    return new Memory(reduced + 3L * width + frame.pixels(), 0);
  }

  @Override
  public Pixels decode(TensorFlowDecoder tensorFlow, Wanted wanted)
      throws UndecodableImageException {
    byte[] indexes = new byte[frame.pixels()];
    int found = new GifLzw(file, data).decode(indexes);
    Missing.require(file, found, frame.pixels());
    Reduction reduction = new Reduction(width, height, Reduction.divisor(width, height, wanted));
    RgbRow row = new RgbRow(width);
    for (int y = 0; y < height; y++) {
      row.fill(White.RGB);
      if (y >= frame.top() && y < frame.top() + frame.height()) {
        int from = frame.storedRow(y - frame.top()) * frame.width();
        for (int x = 0; x < frame.width() && from + x < found; x++) {
          row.set(frame.left() + x, palette[indexes[from + x] & 0xff]);
        }
      }
      reduction.row(row.values(), 0);
    }
    return reduction.pixels();
  }
}
