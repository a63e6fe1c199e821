package io.pigeonhole.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * A WebP (RFC 9649), lossy or lossless; of an animation, the first frame on its canvas. Only what
 * its pixels are made of is handed on to libwebp: no profile, no metadata.
 *
 * @param chunks the first of each kind
 * @param width of the pixels
 * @param height of the pixels
 * @param canvas where they are shown
 */
record WebpFile(FileBytes file, Map<String, WebpChunk> chunks, int width, int height, Canvas canvas)
    implements ImageFile {
  private static final String LOSSY = "VP8 ";
  private static final String LOSSLESS = "VP8L";
  private static final String ALPHA = "ALPH";
  private static final int TRANSPARENT = 0x10;

  // lossless pixels and opacities before they are handed on: 4 were measured
  private static final int BYTES_OUTSIDE = 6;
  private static final int BYTES_OF_HEAP = 4;

  static boolean isWebp(FileBytes file) {
    return file.has(0, "RIFF") && file.has(8, "WEBP");
  }

  static WebpFile read(byte[] bytes, ImageLimits limits) throws UndecodableImageException {
    FileBytes file = new FileBytes("WebP", bytes);
    Map<String, WebpChunk> chunks = WebpChunk.first(file);
    WebpFile unsized = new WebpFile(file, chunks, 0, 0, Canvas.of(0, 0));
    WebpFile webp = chunks.containsKey(LOSSY) ? unsized.lossy() : unsized.lossless();
    limits.requireSize(file, webp.width, webp.height);
    Canvas canvas = webp.readCanvas();
    limits.requireSize(file, canvas.width(), canvas.height());
    return new WebpFile(file, chunks, webp.width, webp.height, canvas);
  }

  private WebpFile lossy() throws UndecodableImageException {
    WebpChunk data = chunks.get(LOSSY);
    if (data.length() < 10 || !file.has(data.at() + 3, "\u009d\u0001*")) {
      throw file.corrupt("its pixels do not begin with a key frame (RFC 6386)");
    }
    return sized(file.little16(data.at() + 6) & 0x3fff, file.little16(data.at() + 8) & 0x3fff);
  }

  private WebpFile lossless() throws UndecodableImageException {
    WebpChunk data = chunks.get(LOSSLESS);
    if (data == null) {
      throw file.corrupt("it has no pixels");
    } else if (data.length() < 5 || file.u8(data.at()) != 0x2f) {
      throw file.corrupt("its lossless pixels do not begin with their signature");
    }
    int sides = file.little32(data.at() + 1);
    return sized((sides & 0x3fff) + 1, (sides >> 14 & 0x3fff) + 1);
  }

  private WebpFile sized(int width, int height) {
    return new WebpFile(file, chunks, width, height, Canvas.of(width, height));
  }

  private Canvas readCanvas() throws UndecodableImageException {
    WebpChunk extended = chunks.get("VP8X");
    WebpChunk frame = chunks.get("ANMF");
    if (extended == null || frame == null) {
      return Canvas.of(width, height);
    }
    Canvas canvas =
        new Canvas(
            little24(extended.at() + 4) + 1,
            little24(extended.at() + 7) + 1,
            2 * little24(frame.at()),
            2 * little24(frame.at() + 3));
    if (width > canvas.width() - canvas.left() || height > canvas.height() - canvas.top()) {
      throw file.corrupt("its first frame reaches beyond its canvas");
    }
    return canvas;
  }

  private int little24(long at) throws UndecodableImageException {
    return file.little16(at) | file.u8(at + 2) << 16;
  }

  @Override
  public Orientation orientation() {
    WebpChunk exif = chunks.get("EXIF");
    if (exif == null) {
      return Orientation.UPRIGHT;
    }
    // some write the marker of JPEG's EXIF segments in front
    return Exif.orientation(file, exif.at() + (file.has(exif.at(), "Exif\0\0") ? 6 : 0));
  }

  @Override
  public ColorConversion colors() {
    WebpChunk profile = chunks.get("ICCP");
    return profile == null
        ? ColorConversion.NONE
        : IccProfile.conversion(file, profile.at(), profile.length());
  }

  @Override
  public Memory memory(Wanted wanted) {
    long pixels = (long) width * height;
    long reduced = Reduction.bytes(canvas.width(), canvas.height(), divisor(wanted));
    return new Memory(
        2 * reduced + pixels * BYTES_OF_HEAP + 3L * file.length(),
        pixels * BYTES_OUTSIDE + file.length());
  }

  @Override
  public Pixels decode(TensorFlowDecoder tensorFlow, Wanted wanted)
      throws UndecodableImageException {
    return ImageIoDecoder.webp(new FileBytes(file.format(), essence()), canvas, divisor(wanted));
  }

  private int divisor(Wanted wanted) {
    return Reduction.divisor(canvas.width(), canvas.height(), wanted);
  }

  /** A WebP of these pixels and nothing else. */
  private byte[] essence() {
    WebpChunk data = chunks.getOrDefault(LOSSY, chunks.get(LOSSLESS));
    Optional<WebpChunk> alpha =
        data.type().equals(LOSSY) ? Optional.ofNullable(chunks.get(ALPHA)) : Optional.empty();
    int header = WebpChunk.HEADER;
    int extension = alpha.map(a -> header + 10 + header + a.paddedLength()).orElse(0);
    int length = 4 + header + data.paddedLength() + extension;
    ByteBuffer out = ByteBuffer.allocate(header + length).order(ByteOrder.LITTLE_ENDIAN);
    put(out, "RIFF").putInt(length);
    put(out, "WEBP");
    if (alpha.isPresent()) {
      put(out, "VP8X").putInt(10).putInt(TRANSPARENT);
      put24(out, width - 1);
      put24(out, height - 1);
      put(out, alpha.get());
    }
    put(out, data);
    return out.array();
  }

  private void put(ByteBuffer out, WebpChunk chunk) {
    put(out, chunk.type()).putInt(chunk.length()).put(chunk.content(file));
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
