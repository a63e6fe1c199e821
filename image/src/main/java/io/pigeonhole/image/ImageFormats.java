package io.pigeonhole.image;

/** Tells formats by the first bytes of a file, never by a name. */
final class ImageFormats {
  private static final String DECODED = "JPEG, PNG, GIF, BMP, WebP, TIFF, HEIC and AVIF";

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
    } else if (HeifFile.isHeif(file)) {
      return HeifFile.read(bytes, limits);
    } else if (RawFile.isRaw(file)) {
      return RawFile.read(bytes, limits);
    } else if (TiffFile.isTiff(file)) {
      return TiffFile.read(bytes, limits);
    }
    String other = OtherFormats.nameOf(file);
    throw other.isEmpty()
        ? new UndecodableImageException(
            ImageError.NOT_AN_IMAGE, "the bytes begin like no image: " + DECODED + " are expected")
        : new UndecodableImageException(
            ImageError.UNSUPPORTED_FORMAT, other + " is not decoded; " + DECODED + " are");
  }
}
