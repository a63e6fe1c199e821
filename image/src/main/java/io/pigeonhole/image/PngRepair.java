package io.pigeonhole.image;

import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Makes a sound PNG of one whose pixels break off, or whose checksums are wrong: of what can be
 * decompressed, with the last row repeated for those that are missing.
 */
final class PngRepair implements PngChunks.DataSink {
  // a filter that takes each pixel from the row above
  private static final byte UP = 2;

  private final PngRows rows;
  private final byte[] values;
  private final Inflater inflater = new Inflater();
  private int filled;

  private PngRepair(PngRows rows) {
    this.rows = rows;
    this.values = new byte[Math.toIntExact(rows.bytes())];
  }

  /** The bytes of heap that a repair takes. */
  static long heap(PngRows rows, long fileLength) {
    return 4 * rows.bytes() + 2 * fileLength;
  }

  /**
   * Repairs.
   *
   * @throws UndecodableImageException {@code corrupt} if too much is missing
   */
  static FileBytes repaired(FileBytes file, PngChunks chunks, PngRows rows)
      throws UndecodableImageException {
    PngRepair repair = new PngRepair(rows);
    try {
      chunks.data(repair);
    } finally {
      repair.inflater.end();
    }
    Missing.require(file, repair.filled, repair.values.length);
    return chunks.withData(repair.compressed());
  }

  @Override
  public boolean take(byte[] bytes, int from, int length) {
    inflater.setInput(bytes, from, length);
    boolean more = true;
    try {
      while (more && filled < values.length) {
        int count = inflater.inflate(values, filled, values.length - filled);
        filled += count;
        more = count > 0;
      }
      return filled < values.length && !inflater.finished();
    } catch (DataFormatException e) {
      // what came before is kept
      filled = (int) inflater.getBytesWritten();
      return false;
    }
  }

  private byte[] compressed() {
    rows.forEachFrom(filled, at -> values[at] = UP);
    Deflater deflater = new Deflater(Deflater.NO_COMPRESSION);
    try {
      deflater.setInput(values);
      deflater.finish();
      byte[] out = new byte[values.length + values.length / 1000 + 100];
      int size = 0;
      while (!deflater.finished()) {
        size += deflater.deflate(out, size, out.length - size);
      }
      return Arrays.copyOf(out, size);
    } finally {
      deflater.end();
    }
  }
}
