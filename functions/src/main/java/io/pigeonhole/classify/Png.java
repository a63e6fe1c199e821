package io.pigeonhole.classify;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/**
 * Writes <a href="https://www.w3.org/TR/png-3/">PNG</a>: eight bits, RGB. The JDK's own writer
 * needs AWT, which starts slowly and is not at home in a native executable.
 */
final class Png {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  private static final byte[] EIGHT_BITS_RGB = {8, 2, 0, 0, 0};
  private static final byte SUB = 1;
  private static final int RGB = 3;

  private Png() {}

  /** Encodes an image, row by row. */
  static byte[] encode(int width, int height, byte[] rgb) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.write(SIGNATURE);
      byte[] header =
          ByteBuffer.allocate(13).putInt(width).putInt(height).put(EIGHT_BITS_RGB).array();
      chunk(out, "IHDR", header);
      chunk(out, "IDAT", compressed(width, height, rgb));
      chunk(out, "IEND", new byte[0]);
    } catch (IOException e) {
      throw new UncheckedIOException("bytes in memory can be written", e);
    }
    return bytes.toByteArray();
  }

  private static void chunk(DataOutputStream out, String type, byte[] data) throws IOException {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(data);
    out.writeInt(data.length);
    out.write(name);
    out.write(data);
    out.writeInt((int) crc.getValue());
  }

  /** Each byte as the difference to the pixel on its left, which compresses better. */
  private static byte[] compressed(int width, int height, byte[] rgb) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Deflater deflater = new Deflater(Deflater.BEST_SPEED);
    try (DeflaterOutputStream out = new DeflaterOutputStream(bytes, deflater)) {
      byte[] row = new byte[1 + width * RGB];
      row[0] = SUB;
      for (int y = 0; y < height; y++) {
        int start = y * width * RGB;
        for (int i = 0; i < width * RGB; i++) {
          row[i + 1] = (byte) (rgb[start + i] - (i < RGB ? 0 : rgb[start + i - RGB]));
        }
        out.write(row);
      }
    } finally {
      deflater.end();
    }
    return bytes.toByteArray();
  }
}
