package io.pigeonhole.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * What the first bytes of an image say, read before anything is decoded.
 *
 * @param width columns, as stored
 * @param height rows, as stored
 * @param alpha whether a PNG may have transparent pixels
 */
record ImageHeader(Format format, int width, int height, boolean alpha) {
  enum Format {
    JPEG,
    PNG,
    GIF,
    BMP
  }

  /** The signature of a format that is an image, but is not decoded. */
  private record Signature(int offset, String text, String name) {}

  private static final List<Signature> UNSUPPORTED =
      List.of(
          new Signature(8, "WEBP", "WebP"),
          new Signature(0, "II*\0", "TIFF"),
          new Signature(0, "MM\0*", "TIFF"),
          new Signature(4, "ftyphei", "HEIC"),
          new Signature(4, "ftypmif1", "HEIF"),
          new Signature(4, "ftypavif", "AVIF"),
          new Signature(0, "8BPS", "PSD"),
          new Signature(0, "\0\0\1\0", "ICO"),
          new Signature(4, "jP  ", "JPEG 2000"),
          new Signature(0, "<svg", "SVG"));

  static ImageHeader read(byte[] bytes) throws UndecodableImageException {
    if (starts(bytes, 0, "\u00ff\u00d8\u00ff")) {
      return jpeg(bytes);
    } else if (starts(bytes, 0, "\u0089PNG\r\n\u001a\n")) {
      return png(bytes);
    } else if (starts(bytes, 0, "GIF87a") || starts(bytes, 0, "GIF89a")) {
      require(bytes, 13, "GIF");
      ByteBuffer in = little(bytes);
      return sized(Format.GIF, in.getShort(6) & 0xffff, in.getShort(8) & 0xffff, true);
    } else if (starts(bytes, 0, "BM")) {
      return bmp(bytes);
    }
    for (Signature signature : UNSUPPORTED) {
      if (starts(bytes, signature.offset(), signature.text())) {
        throw new UndecodableImageException(
            ImageError.UNSUPPORTED_FORMAT,
            signature.name() + " is not decoded; JPEG, PNG, GIF and BMP are");
      }
    }
    throw new UndecodableImageException(
        ImageError.NOT_AN_IMAGE, "the bytes begin like no image: JPEG, PNG, GIF or BMP expected");
  }

  /** Finds the frame header (ITU-T T.81, B.2.2), which has the size. */
  private static ImageHeader jpeg(byte[] bytes) throws UndecodableImageException {
    int at = 2;
    while (at + 9 < bytes.length) {
      int marker = bytes[at + 1] & 0xff;
      if (bytes[at] != (byte) 0xff) {
        throw corrupt("a JPEG marker was expected at byte " + at);
      } else if (marker == 0xff) {
        at++; // padding
      } else if (marker == 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
        at += 2; // stands alone
      } else if (isFrame(marker)) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        int width = in.getShort(at + 7) & 0xffff;
        return sized(Format.JPEG, width, in.getShort(at + 5) & 0xffff, false);
      } else {
        at += 2 + (((bytes[at + 2] & 0xff) << 8) | (bytes[at + 3] & 0xff));
      }
    }
    throw corrupt("the JPEG ends before its frame header");
  }

  private static boolean isFrame(int marker) {
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
  }

  private static ImageHeader png(byte[] bytes) throws UndecodableImageException {
    require(bytes, 33, "PNG");
    if (!starts(bytes, 12, "IHDR")) {
      throw corrupt("the PNG does not begin with IHDR");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    boolean alpha = (bytes[25] & 4) != 0 || hasTransparency(in);
    return sized(Format.PNG, in.getInt(16), in.getInt(20), alpha);
  }

  private static boolean hasTransparency(ByteBuffer png) {
    long at = 8;
    while (at + 8 <= png.capacity()) {
      int type = png.getInt((int) at + 4);
      if (type == 0x74524e53 /* tRNS */) {
        return true;
      } else if (type == 0x49444154 /* IDAT */) {
        return false;
      }
      at += 12 + (png.getInt((int) at) & 0xffffffffL);
    }
    return false;
  }

  private static ImageHeader bmp(byte[] bytes) throws UndecodableImageException {
    require(bytes, 26, "BMP");
    ByteBuffer in = little(bytes);
    if (in.getInt(14) == 12) {
      return sized(Format.BMP, in.getShort(18) & 0xffff, in.getShort(20) & 0xffff, false);
    }
    // A negative height: rows from top to bottom.
    return sized(Format.BMP, in.getInt(18), Math.abs(in.getInt(22)), false);
  }

  private static ImageHeader sized(Format format, int width, int height, boolean alpha)
      throws UndecodableImageException {
    if (width <= 0 || height <= 0) {
      throw corrupt("the %s claims %d x %d pixels".formatted(format, width, height));
    }
    return new ImageHeader(format, width, height, alpha);
  }

  private static boolean starts(byte[] bytes, int offset, String text) {
    return bytes.length >= offset + text.length()
        && new String(bytes, offset, text.length(), ISO_8859_1).equals(text);
  }

  private static void require(byte[] bytes, int length, String format)
      throws UndecodableImageException {
    if (bytes.length < length) {
      throw corrupt("the %s ends within its header".formatted(format));
    }
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static UndecodableImageException corrupt(String message) {
    return new UndecodableImageException(ImageError.CORRUPT, message);
  }
}
