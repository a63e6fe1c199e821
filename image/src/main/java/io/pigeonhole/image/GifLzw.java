package io.pigeonhole.image;

/**
 * Decompresses the pixels of a GIF's frame. A code stands for pixels that came before: those of the
 * code before it and the one after them; so the table has only places in what is already
 * decompressed. Every code makes a pixel or more, of which there are as many as are asked for.
 */
final class GifLzw {
  private static final int MAX_BITS = 12;
  private static final int MIN_BITS = 2;

  /** A code has 2 bits or more, and stands for no more pixels than there are codes. */
  static final int MAX_PIXELS_PER_BYTE = (8 / MIN_BITS) << MAX_BITS;

  private final FileBytes file;
  private final int rootBits;
  private final int[] starts = new int[1 << MAX_BITS];
  private final int[] lengths = new int[1 << MAX_BITS];
  private int at;
  private int blockEnd;
  private int bits;
  private int bitCount;
  private int done;

  /**
   * Prepares to decompress.
   *
   * @param at the byte that says how many bits a pixel has
   */
  GifLzw(FileBytes file, int at) throws UndecodableImageException {
    this.file = file;
    this.rootBits = file.u8(at);
    this.at = at + 1;
    this.blockEnd = this.at;
    if (rootBits < 1 || rootBits > 8) {
      throw file.corrupt("pixels of 1 to 8 bits were expected, found %d", rootBits);
    }
  }

  /**
   * Decompresses the indexes of pixels until there is no place for more, or no more are there.
   *
   * @return how many there are
   */
  int decode(byte[] pixels) {
    try {
      decodeAll(pixels);
    } catch (UndecodableImageException e) {
      // what came before is kept
    }
    return done;
  }

  private void decodeAll(byte[] pixels) throws UndecodableImageException {
    int count = pixels.length;
    int clear = 1 << rootBits;
    int next = clear + 2;
    int width = rootBits + 1;
    int previousStart = -1;
    while (done < count) {
      int code = code(width);
      if (code == clear) {
        next = clear + 2;
        width = rootBits + 1;
        previousStart = -1;
        continue;
      } else if (code == clear + 1 || code > next || (code == next && previousStart < 0)) {
        throw file.corrupt("its frame ends after %d of %d pixels", done, count);
      }
      if (previousStart >= 0 && next < starts.length) {
        // The code before and the pixel after it lie together: that pixel is the next one here.
        starts[next] = previousStart;
        lengths[next] = done - previousStart + 1;
        next++;
        if (next == 1 << width && width < MAX_BITS) {
          width++;
        }
      }
      previousStart = done;
      if (code < clear) {
        pixels[done++] = (byte) code;
      } else {
        int length = Math.min(lengths[code], count - done);
        copy(pixels, starts[code], done, length);
        done += length;
      }
    }
  }

  /** Copies from left to right, as the source may reach into its own copy. */
  private static void copy(byte[] pixels, int from, int to, int length) {
    for (int i = 0; i < length; i++) {
      pixels[to + i] = pixels[from + i];
    }
  }

  private int code(int width) throws UndecodableImageException {
    while (bitCount < width) {
      bits |= nextByte() << bitCount;
      bitCount += 8;
    }
    int code = bits & ((1 << width) - 1);
    bits >>>= width;
    bitCount -= width;
    return code;
  }

  private int nextByte() throws UndecodableImageException {
    if (at == blockEnd) {
      int length = file.u8(at++);
      if (length == 0) {
        throw file.corrupt("its frame's data end before its pixels do");
      }
      blockEnd = at + length;
    }
    return file.u8(at++);
  }
}
