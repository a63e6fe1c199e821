package io.pigeonhole.image;

/**
 * A Windows or OS/2 bitmap of 1 to 32 bits a pixel, as they are or run-length encoded. Its alpha
 * counts only where the file says which bits it has and some of them are set.
 */
record BmpFile(FileBytes file, BmpHeader header) implements ImageFile {

  /** Whether it begins like a bitmap, and not just like a text that begins with BM. */
  static boolean isBmp(FileBytes file) throws UndecodableImageException {
    return file.has(0, "BM") && (file.length() < 18 || BmpHeader.isSize(file.little32(14)));
  }

  static BmpFile read(byte[] bytes, ImageLimits limits) throws UndecodableImageException {
    FileBytes file = new FileBytes("BMP", bytes);
    return new BmpFile(file, BmpHeader.read(file, limits));
  }

  @Override
  public int width() {
    return header.width();
  }

  @Override
  public int height() {
    return header.height();
  }

  @Override
  public Memory memory(Wanted wanted) {
    long reduced = Reduction.bytes(width(), height(), Reduction.divisor(width(), height(), wanted));
    long indexes = header.runLengthEncoded() ? (long) width() * height() : 0;
    return new Memory(reduced + 3L * width() + indexes, 0);
  }

  @Override
  public Pixels decode(TensorFlowDecoder tensorFlow, Wanted wanted)
      throws UndecodableImageException {
    BmpRows rows = rows();
    Reduction reduction =
        new Reduction(width(), height(), Reduction.divisor(width(), height(), wanted));
    RgbRow row = new RgbRow(width());
    for (int y = 0; y < height(); y++) {
      rows.read(header.topDown() ? y : height() - 1 - y, row);
      reduction.row(row.values(), 0);
    }
    return reduction.pixels();
  }

  private BmpRows rows() throws UndecodableImageException {
    return header.bitsPerPixel() <= 8
        ? BmpPaletteRows.of(file, header)
        : new BmpMaskedRows(file, header);
  }
}
