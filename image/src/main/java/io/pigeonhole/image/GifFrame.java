package io.pigeonhole.image;

/** Where a frame of a GIF lies on its screen, and in which order its rows are stored. */
record GifFrame(int left, int top, int width, int height, boolean interlaced) {
  private static final int INTERLACED = 0x40;

  /**
   * Reads an image descriptor.
   *
   * @param at the byte after the one that begins it
   */
  static GifFrame read(FileBytes file, int at) throws UndecodableImageException {
    GifFrame frame =
        new GifFrame(
            file.little16(at),
            file.little16(at + 2L),
            file.little16(at + 4L),
            file.little16(at + 6L),
            (file.u8(at + 8L) & INTERLACED) != 0);
    if (frame.width() == 0 || frame.height() == 0) {
      throw file.corrupt("its frame claims %d x %d pixels", frame.width(), frame.height());
    }
    return frame;
  }

  /** The frame's pixels: no more than the screen's, which are bounded. */
  int pixels() {
    return Math.multiplyExact(width, height);
  }

  /**
   * The place at which a row is stored. Interlaced, every eighth comes first, then those halfway
   * between, and so on.
   */
  int storedRow(int y) {
    if (!interlaced) {
      return y;
    } else if (y % 8 == 0) {
      return y / 8;
    } else if (y % 4 == 0) {
      return every(8) + y / 8;
    } else if (y % 2 == 0) {
      return every(4) + y / 4;
    }
    return every(2) + y / 2;
  }

  private int every(int step) {
    return (height - 1) / step + 1;
  }
}
