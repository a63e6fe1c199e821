package io.pigeonhole.image;

import java.io.ByteArrayOutputStream;
import java.util.zip.CRC32;

/**
 * What the chunks of a PNG say, up to its end chunk.
 *
 * @param dataBytes of compressed pixels
 * @param transparency whether there is a tRNS chunk
 * @param superfluous whether there is anything that pixels are not made of
 */
record PngChunks(
    long dataBytes, boolean transparency, boolean superfluous, Orientation orientation) {
  private static final int FIRST = 8;
  // length, type and checksum
  private static final int FRAME = 12;

  /**
   * Reads the chunks.
   *
   * @throws UndecodableImageException {@code corrupt} if one that pixels are made of is damaged, or
   *     the end is missing
   */
  static PngChunks read(FileBytes file) throws UndecodableImageException {
    long dataBytes = 0;
    boolean transparency = false;
    boolean superfluous = false;
    Orientation orientation = Orientation.UPRIGHT;
    long at = FIRST;
    while (!file.has(at + 4, "IEND")) {
      long length = length(file, at);
      if (isEssential(file, at)) {
        requireChecksum(file, at, length);
        dataBytes += file.has(at + 4, "IDAT") ? length : 0;
        transparency |= file.has(at + 4, "tRNS");
      } else {
        superfluous = true;
        if (file.has(at + 4, "eXIf")) {
          orientation = Exif.orientation(file, at + 8);
        }
      }
      at += FRAME + length;
    }
    long end = at + FRAME + length(file, at);
    return new PngChunks(dataBytes, transparency, superfluous || end < file.length(), orientation);
  }

  /** A PNG of the same pixels and nothing else. */
  static FileBytes essence(FileBytes file) throws UndecodableImageException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(file.length());
    out.write(file.bytes(), 0, FIRST);
    long at = FIRST;
    while (at < file.length()) {
      int size = (int) (FRAME + length(file, at));
      if (isEssential(file, at)) {
        out.write(file.bytes(), (int) at, size);
      }
      at = file.has(at + 4, "IEND") ? file.length() : at + size;
    }
    return new FileBytes(file.format(), out.toByteArray());
  }

  private static long length(FileBytes file, long at) throws UndecodableImageException {
    long length = file.big32(at) & 0xffffffffL;
    file.require(at, FRAME + length);
    return length;
  }

  private static boolean isEssential(FileBytes file, long at) throws UndecodableImageException {
    boolean critical = (file.u8(at + 4) & 0x20) == 0;
    return critical || file.has(at + 4, "tRNS");
  }

  private static void requireChecksum(FileBytes file, long at, long length)
      throws UndecodableImageException {
    CRC32 crc = new CRC32();
    crc.update(file.bytes(), (int) at + 4, (int) length + 4);
    int found = file.big32(at + 8 + length);
    if ((int) crc.getValue() != found) {
      throw file.corrupt(
          "the chunk at %d has the checksum %08x, its bytes have %08x",
          at, found, (int) crc.getValue());
    }
  }
}
