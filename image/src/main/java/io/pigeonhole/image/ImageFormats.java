package io.pigeonhole.image;

import java.util.List;

/** Tells formats by the first bytes of a file, never by a name. */
final class ImageFormats {
  private static final String DECODED = "JPEG, PNG, GIF, BMP, WebP and TIFF";

  /** What a file of a format that is an image, but is not decoded, has at a place. */
  private record Signature(int offset, String text, String name) {}

  private static final List<Signature> NOT_DECODED =
      List.of(
          new Signature(4, "ftyphei", "HEIC"),
          new Signature(4, "ftyphev", "HEIC"),
          new Signature(4, "ftypmif1", "HEIF"),
          new Signature(4, "ftypmsf1", "HEIF"),
          new Signature(4, "ftypavi", "AVIF"),
          new Signature(4, "ftypcrx", "CR3"),
          new Signature(0, "8BPS", "PSD"),
          new Signature(0, "\0\0\1\0", "ICO"),
          new Signature(0, "\0\0\2\0", "CUR"),
          new Signature(4, "jP  ", "JPEG 2000"),
          new Signature(0, "\u00ffO\u00ffQ", "JPEG 2000"),
          new Signature(4, "JXL ", "JPEG XL"),
          new Signature(0, "\u00ff\n", "JPEG XL"),
          new Signature(0, "\u008aMNG", "MNG"),
          new Signature(0, "\u008bJNG", "JNG"),
          new Signature(0, "v/1\u0001", "OpenEXR"),
          new Signature(0, "DDS ", "DDS"),
          new Signature(0, "<svg", "SVG"));

  private ImageFormats() {}

  /**
   * Reads all of a file but its pixels.
   *
   * @throws UndecodableImageException for all reasons but its pixels' contents
   */
  static ImageFile open(byte[] bytes, ImageLimits limits) throws UndecodableImageException {
    FileBytes file = new FileBytes("file", bytes);
    if (file.has(0, JpegFile.SIGNATURE)) {
      return JpegFile.read(bytes, limits);
    } else if (file.has(0, PngFile.SIGNATURE)) {
      return PngFile.read(bytes, limits);
    } else if (file.has(0, "GIF87a") || file.has(0, "GIF89a")) {
      return GifFile.read(bytes, limits);
    } else if (BmpFile.isBmp(file)) {
      return BmpFile.read(bytes, limits);
    } else if (WebpFile.isWebp(file)) {
      return WebpFile.read(bytes, limits);
    } else if (TiffFile.isTiff(file)) {
      return TiffFile.read(bytes, limits);
    }
    for (Signature signature : NOT_DECODED) {
      if (file.has(signature.offset(), signature.text())) {
        throw new UndecodableImageException(
            ImageError.UNSUPPORTED_FORMAT,
            signature.name() + " is not decoded; " + DECODED + " are");
      }
    }
    throw new UndecodableImageException(
        ImageError.NOT_AN_IMAGE, "the bytes begin like no image: " + DECODED + " are expected");
  }
}
