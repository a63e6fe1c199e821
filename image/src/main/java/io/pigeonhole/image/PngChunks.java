package io.pigeonhole.image;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32;

/** The chunks of a PNG, up to its end chunk, or to where it breaks off. */
final class PngChunks {
  private static final int START = 8;
  private static final int HEADER = 8;
  // length, type and checksum
  private static final int FRAME = 12;
  private static final String DATA = "IDAT";
  private static final String END = "IEND";

  private final FileBytes file;
  private final Map<String, Long> first = new HashMap<>();
  private long dataBytes;
  private boolean superfluous;
  private boolean damaged;

  private PngChunks(FileBytes file) {
    this.file = file;
  }

  /**
   * Reads all but the pixels.
   *
   * @throws UndecodableImageException {@code corrupt} if a chunk that pixels are made of is
   *     damaged, and is not the pixels themselves
   */
  static PngChunks read(FileBytes file) throws UndecodableImageException {
    PngChunks chunks = new PngChunks(file);
    long at = START;
    while (chunks.isWhole(at) && !file.has(at + 4, END)) {
      chunks.take(at);
      at = chunks.next(at);
    }
    chunks.takeEnd(at);
    return chunks;
  }

  private void take(long at) throws UndecodableImageException {
    first.putIfAbsent(new String(file.bytes(), (int) at + 4, 4, StandardCharsets.ISO_8859_1), at);
    if (file.has(at + 4, DATA)) {
      dataBytes += file.big32(at);
      damaged |= !isSound(at);
    } else if (!isEssential(at)) {
      superfluous = true;
    } else if (!isSound(at)) {
      throw file.corrupt("the checksum of the chunk at %d is not that of its bytes", at);
    }
  }

  private void takeEnd(long at) throws UndecodableImageException {
    if (isWhole(at)) {
      damaged |= !isSound(at);
      superfluous |= next(at) < file.length();
    } else {
      damaged = true;
      dataBytes += file.has(at + 4, DATA) ? dataLength(at) : 0;
    }
  }

  /** Compressed pixels. */
  long dataBytes() {
    return dataBytes;
  }

  /** Where the first chunk of each type is. */
  Map<String, Long> first() {
    return first;
  }

  /** Whether there is anything that pixels are not made of. */
  boolean superfluous() {
    return superfluous;
  }

  /** Whether a checksum of compressed pixels or of the end is wrong, or the end is missing. */
  boolean damaged() {
    return damaged;
  }

  /** A PNG of the same pixels and nothing else. */
  FileBytes essence() throws UndecodableImageException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(file.length());
    out.write(file.bytes(), 0, START);
    boolean ended = false;
    for (long at = START; !ended; at = next(at)) {
      if (isEssential(at)) {
        out.write(file.bytes(), (int) at, (int) (next(at) - at));
      }
      ended = file.has(at + 4, END);
    }
    return new FileBytes(file.format(), out.toByteArray());
  }

  /** A PNG of the same header and palette, and of these pixels, compressed. */
  FileBytes withData(byte[] compressed) throws UndecodableImageException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(compressed.length + file.length());
    out.write(file.bytes(), 0, START);
    for (long at = START; isWhole(at) && !file.has(at + 4, END); at = next(at)) {
      if (isEssential(at) && !file.has(at + 4, DATA)) {
        out.write(file.bytes(), (int) at, (int) (next(at) - at));
      }
    }
    write(out, DATA, compressed);
    write(out, END, new byte[0]);
    return new FileBytes(file.format(), out.toByteArray());
  }

  private static void write(ByteArrayOutputStream out, String type, byte[] content) {
    byte[] name = type.getBytes(StandardCharsets.ISO_8859_1);
    CRC32 checksum = new CRC32();
    checksum.update(name);
    checksum.update(content);
    out.writeBytes(big32(content.length));
    out.writeBytes(name);
    out.writeBytes(content);
    out.writeBytes(big32((int) checksum.getValue()));
  }

  private static byte[] big32(int value) {
    return new byte[] {
      (byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value
    };
  }

  /** What takes the compressed pixels, part by part. */
  interface DataSink {
    /** Takes a part; returns whether more is wanted. */
    boolean take(byte[] bytes, int from, int length) throws UndecodableImageException;
  }

  /** Hands on the compressed pixels that there are. */
  void data(DataSink sink) throws UndecodableImageException {
    boolean more = true;
    for (long at = START; more && at + HEADER < file.length() && !file.has(at + 4, END); ) {
      if (file.has(at + 4, DATA)) {
        more = sink.take(file.bytes(), (int) at + HEADER, (int) dataLength(at));
      }
      at = next(at);
    }
  }

  private long dataLength(long at) throws UndecodableImageException {
    return Math.min(length(at), file.length() - at - HEADER);
  }

  private long length(long at) throws UndecodableImageException {
    return file.big32(at) & 0xffffffffL;
  }

  private long next(long at) throws UndecodableImageException {
    return at + FRAME + length(at);
  }

  private boolean isWhole(long at) throws UndecodableImageException {
    return at + FRAME <= file.length() && next(at) <= file.length();
  }

  private boolean isEssential(long at) throws UndecodableImageException {
    boolean critical = (file.u8(at + 4) & 0x20) == 0;
    return critical || file.has(at + 4, "tRNS");
  }

  private boolean isSound(long at) throws UndecodableImageException {
    CRC32 checksum = new CRC32();
    checksum.update(file.bytes(), (int) at + 4, (int) length(at) + 4);
    return (int) checksum.getValue() == file.big32(next(at) - 4);
  }
}
