package io.pigeonhole.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A WebP (RFC 9649), lossy or lossless; of an animation, the first frame. Only what its pixels are
 * made of is handed on: no profile, no metadata.
 *
 * @param file as it came
 * @param data the chunk of its pixels
 * @param alpha the chunk of their opacities; empty if it has none, or they are in its pixels
 */
record WebpFile(
    FileBytes file,
    Chunk data,
    Chunk alpha,
    int width,
    int height,
    boolean lossy,
    Orientation orientation)
    implements ImageFile {
  private static final int FIRST_CHUNK = 12;
  private static final int HEADER = 8;
  private static final int FRAME_HEADER = 16;
  private static final int TRANSPARENT = 0x10;

  // The reader is slow, and its macroblocks are objects.
  private static final long MAX_PIXELS = 30_000_000;
  private static final int LOSSY_BYTES = 48;
  private static final int LOSSLESS_BYTES = 24;

  /** A part of the file: its kind, where its contents begin, and how long they are. */
  record Chunk(String type, long at, int length) {
    static final Chunk NONE = new Chunk("", 0, 0);

    boolean isMissing() {
      return type.isEmpty();
    }

    /** Where the next chunk begins: lengths are padded to even numbers. */
    long end() {
      return at + length + (length & 1);
    }
  }

  static boolean isWebp(FileBytes file) {
    return file.has(0, "RIFF") && file.has(8, "WEBP");
  }

  static WebpFile read(byte[] bytes, ImageLimits limits) throws UndecodableImageException {
    FileBytes file = new FileBytes("WebP", bytes);
    Chunk data = Chunk.NONE;
    Chunk alpha = Chunk.NONE;
    Orientation orientation = Orientation.UPRIGHT;
    long end = Math.min(file.length(), HEADER + (file.little32(4) & 0xffffffffL));
    for (long at = FIRST_CHUNK; at + HEADER <= end; ) {
      Chunk chunk = chunk(file, at);
      at = chunk.end();
      if (chunk.type().equals("ANMF") && data.isMissing()) {
        // its chunks follow; what comes after them is not looked at
        at = chunk.at() + FRAME_HEADER;
      } else if (chunk.type().equals("ALPH") && data.isMissing()) {
        alpha = chunk;
      } else if (isPixels(chunk) && data.isMissing()) {
        data = chunk;
      } else if (chunk.type().equals("EXIF")) {
        orientation = Exif.orientation(file, tiffOf(file, chunk));
      }
    }
    if (data.isMissing()) {
      throw file.corrupt("it has no pixels");
    }
    return data.type().equals("VP8 ")
        ? lossy(file, data, alpha, orientation, limits)
        : lossless(file, data, orientation, limits);
  }

  private static boolean isPixels(Chunk chunk) {
    return chunk.type().equals("VP8 ") || chunk.type().equals("VP8L");
  }

  private static Chunk chunk(FileBytes file, long at) throws UndecodableImageException {
    String type = new String(file.bytes(), (int) at, 4, StandardCharsets.ISO_8859_1);
    long length = file.little32(at + 4) & 0xffffffffL;
    file.require(at + HEADER, length);
    return new Chunk(type, at + HEADER, (int) length);
  }

  /** Some write the marker of JPEG's EXIF segments in front. */
  private static long tiffOf(FileBytes file, Chunk exif) {
    return exif.at() + (file.has(exif.at(), "Exif\0\0") ? 6 : 0);
  }

  private static WebpFile lossy(
      FileBytes file, Chunk data, Chunk alpha, Orientation orientation, ImageLimits limits)
      throws UndecodableImageException {
    if (data.length() < 10 || !file.has(data.at() + 3, "\u009d\u0001*")) {
      throw file.corrupt("its pixels do not begin with a key frame (RFC 6386)");
    }
    int width = file.little16(data.at() + 6) & 0x3fff;
    int height = file.little16(data.at() + 8) & 0x3fff;
    return sized(new WebpFile(file, data, alpha, width, height, true, orientation), limits);
  }

  private static WebpFile lossless(
      FileBytes file, Chunk data, Orientation orientation, ImageLimits limits)
      throws UndecodableImageException {
    if (data.length() < 5 || file.u8(data.at()) != 0x2f) {
      throw file.corrupt("its lossless pixels do not begin with their signature");
    }
    int sides = file.little32(data.at() + 1);
    int width = (sides & 0x3fff) + 1;
    int height = (sides >> 14 & 0x3fff) + 1;
    return sized(new WebpFile(file, data, Chunk.NONE, width, height, false, orientation), limits);
  }

  private static WebpFile sized(WebpFile webp, ImageLimits limits)
      throws UndecodableImageException {
    new ImageLimits(limits.maxBytes(), Math.min(limits.maxPixels(), MAX_PIXELS))
        .requireSize(webp.file, webp.width, webp.height);
    return webp;
  }

  @Override
  public Memory memory(Wanted wanted) {
    long pixels = (long) width * height;
    long reduced = Reduction.bytes(width, height, Reduction.divisor(width, height, wanted));
    return new Memory(
        2 * reduced + pixels * (lossy ? LOSSY_BYTES : LOSSLESS_BYTES) + 2L * file.length(), 0);
  }

  @Override
  public Pixels decode(TensorFlowDecoder tensorFlow, Wanted wanted)
      throws UndecodableImageException {
    FileBytes essence = new FileBytes("WebP", essence());
    return ImageIoDecoder.decode(
        ImageIoDecoder.Format.WEBP, essence, Reduction.divisor(width, height, wanted));
  }

  /** A WebP of these pixels and nothing else. */
  private byte[] essence() {
    boolean extended = !alpha.isMissing();
    int length = 4 + HEADER + padded(data) + (extended ? HEADER + 10 + HEADER + padded(alpha) : 0);
    ByteBuffer out = ByteBuffer.allocate(HEADER + length).order(ByteOrder.LITTLE_ENDIAN);
    put(out, "RIFF").putInt(length);
    put(out, "WEBP");
    if (extended) {
      put(out, "VP8X").putInt(10).putInt(TRANSPARENT);
      put24(out, width - 1);
      put24(out, height - 1);
      put(out, alpha);
    }
    put(out, data);
    return out.array();
  }

  private static int padded(Chunk chunk) {
    return chunk.length() + (chunk.length() & 1);
  }

  private void put(ByteBuffer out, Chunk chunk) {
    put(out, chunk.type()).putInt(chunk.length());
    out.put(file.bytes(), (int) chunk.at(), chunk.length());
    if ((chunk.length() & 1) == 1) {
      out.put((byte) 0);
    }
  }

  private static ByteBuffer put(ByteBuffer out, String text) {
    return out.put(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static void put24(ByteBuffer out, int value) {
    out.putShort((short) value).put((byte) (value >> 16));
  }
}
