package io.pigeonhole.image;

/** Rows of pixels of 16, 24 or 32 bits, of which masks say what is red, green, blue and alpha. */
final class BmpMaskedRows implements BmpRows {
  private final FileBytes file;
  private final BmpHeader header;
  private final Channel red;
  private final Channel green;
  private final Channel blue;
  private final Channel alpha;
  private final boolean transparent;

  BmpMaskedRows(FileBytes file, BmpHeader header) throws UndecodableImageException {
    this.file = file;
    this.header = header;
    int[] masks = header.masks(file);
    this.red = Channel.under(masks[0]);
    this.green = Channel.under(masks[1]);
    this.blue = Channel.under(masks[2]);
    this.alpha = Channel.under(masks[3]);
    this.transparent = hasVisiblePixel();
  }

  @Override
  public void read(int storedRow, RgbRow row) {
    for (int x = 0; x < header.width(); x++) {
      int pixel = pixel(storedRow, x);
      int rgb = red.of(pixel) << 16 | green.of(pixel) << 8 | blue.of(pixel);
      row.set(x, transparent ? White.underColor(rgb, alpha.of(pixel)) : rgb);
    }
  }

  /** Whether there is an alpha that means something: where all of it is 0, writers forgot it. */
  private boolean hasVisiblePixel() {
    if (alpha.mask() == 0) {
      return false;
    }
    for (int y = 0; y < header.height(); y++) {
      for (int x = 0; x < header.width(); x++) {
        if ((pixel(y, x) & alpha.mask()) != 0) {
          return true;
        }
      }
    }
    return false;
  }

  private int pixel(int storedRow, int x) {
    byte[] bytes = file.bytes();
    int count = header.bitsPerPixel() / 8;
    int at = (int) (header.pixels() + header.stride() * storedRow) + x * count;
    int pixel = (bytes[at] & 0xff) | (bytes[at + 1] & 0xff) << 8;
    if (count >= 3) {
      pixel |= (bytes[at + 2] & 0xff) << 16;
    }
    return count == 4 ? pixel | bytes[at + 3] << 24 : pixel;
  }

  private record Channel(int mask, int shift, long most) {
    static Channel under(int mask) {
      int shift = mask == 0 ? 0 : Integer.numberOfTrailingZeros(mask);
      return new Channel(mask, shift, Math.max(1, (mask & 0xffffffffL) >>> shift));
    }

    /** The channel's value in a pixel, 0 to 255. */
    int of(int pixel) {
      int value = (pixel & mask) >>> shift;
      return most == 255 ? value : (int) (((value & 0xffffffffL) * 255 + most / 2) / most);
    }
  }
}
