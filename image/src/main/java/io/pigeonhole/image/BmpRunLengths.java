package io.pigeonhole.image;

import java.util.Arrays;

/**
 * Decompresses RLE8 and RLE4 to one byte a pixel, row by row as stored. What is passed over keeps
 * index 0; what reaches beyond a row is left out. The work is bounded by the bytes that there are.
 */
final class BmpRunLengths {
  private final FileBytes file;
  private final int width;
  private final int height;
  private final boolean nibbles;
  private final byte[] indexes;
  private long at;
  private int x;
  private int y;

  BmpRunLengths(FileBytes file, BmpHeader header) {
    this.file = file;
    this.width = header.width();
    this.height = header.height();
    this.nibbles = header.bitsPerPixel() == 4;
    this.indexes = new byte[Math.multiplyExact(width, height)];
    this.at = header.pixels();
  }

  /**
   * The indexes of all pixels.
   *
   * @throws UndecodableImageException {@code corrupt} if the file ends before the image does
   */
  byte[] decode() throws UndecodableImageException {
    while (y < height && !(at == file.length() && y == height - 1 && x >= width)) {
      int count = file.u8(at);
      int value = file.u8(at + 1);
      at += 2;
      if (count > 0) {
        run(count, value);
      } else if (value == 0) {
        x = 0;
        y++;
      } else if (value == 1) {
        return indexes;
      } else if (value == 2) {
        x += file.u8(at);
        y += file.u8(at + 1);
        at += 2;
      } else {
        literal(value);
      }
    }
    return indexes;
  }

  private void run(int count, int value) {
    int from = Math.min(x, width);
    int to = Math.min(x + count, width);
    int row = y * width;
    if (nibbles) {
      for (int i = from; i < to; i++) {
        indexes[row + i] = (byte) ((i - x) % 2 == 0 ? value >> 4 : value & 15);
      }
    } else {
      Arrays.fill(indexes, row + from, row + to, (byte) value);
    }
    x = Math.min(x + count, width);
  }

  private void literal(int count) throws UndecodableImageException {
    for (int i = 0; i < count; i++) {
      int value = file.u8(at + (nibbles ? i / 2 : i));
      if (nibbles) {
        value = i % 2 == 0 ? value >> 4 : value & 15;
      }
      if (x < width) {
        indexes[y * width + x] = (byte) value;
        x++;
      }
    }
    int bytes = nibbles ? (count + 1) / 2 : count;
    at += bytes + bytes % 2;
  }
}
