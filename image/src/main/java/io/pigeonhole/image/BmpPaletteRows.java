package io.pigeonhole.image;

/** Rows of indexes of a palette, packed into bytes from the highest bit on. */
final class BmpPaletteRows implements BmpRows {
  private final int width;
  private final int[] palette;
  private final byte[] bytes;
  private final long start;
  private final long stride;
  private final int bits;

  private BmpPaletteRows(
      int width, int[] palette, byte[] bytes, long start, long stride, int bits) {
    this.width = width;
    this.palette = palette;
    this.bytes = bytes;
    this.start = start;
    this.stride = stride;
    this.bits = bits;
  }

  static BmpPaletteRows of(FileBytes file, BmpHeader header) throws UndecodableImageException {
    int[] palette = header.palette(file);
    int width = header.width();
    if (header.runLengthEncoded()) {
      byte[] indexes = new BmpRunLengths(file, header).decode();
      return new BmpPaletteRows(width, palette, indexes, 0, width, 8);
    }
    return new BmpPaletteRows(
        width, palette, file.bytes(), header.pixels(), header.stride(), header.bitsPerPixel());
  }

  @Override
  public void read(int storedRow, RgbRow row) {
    int from = (int) (start + stride * storedRow);
    int perByte = 8 / bits;
    int mask = (1 << bits) - 1;
    for (int x = 0; x < width; x++) {
      int shift = 8 - bits * (x % perByte + 1);
      row.set(x, palette[bytes[from + x / perByte] >> shift & mask]);
    }
  }
}
