package io.pigeonhole.image;

/**
 * What is looked at before an image is decoded.
 *
 * @param maxBytes of the file
 * @param maxPixels width times height, as the file claims them; {@link ImageDecoder} says what
 *     memory they take
 */
public record ImageLimits(long maxBytes, long maxPixels) {
  /** 50 MiB, 100 megapixels. */
  public static final ImageLimits DEFAULT = new ImageLimits(50L << 20, 100_000_000L);

  // An array of Java has at most 2^31 bytes, and TensorFlow decodes no more than this.
  private static final long REPRESENTABLE = (1 << 29) - 1;

  void requireBytes(long bytes) throws UndecodableImageException {
    if (bytes == 0) {
      throw new UndecodableImageException(ImageError.EMPTY, "the image has 0 bytes");
    } else if (bytes > maxBytes) {
      throw new UndecodableImageException(
          ImageError.TOO_LARGE, "the image has %d bytes, more than %d".formatted(bytes, maxBytes));
    }
  }

  /** No side of an image can be longer. */
  int maxSide() {
    return (int) Math.min(maxPixels, REPRESENTABLE);
  }

  /** Checks the size that a file claims, as soon as it is known and before anything is believed. */
  void requireSize(FileBytes file, long width, long height) throws UndecodableImageException {
    if (width <= 0 || height <= 0) {
      throw file.corrupt("it claims %d x %d pixels", width, height);
    }
    long most = Math.min(maxPixels, REPRESENTABLE);
    if (width > most / height) {
      throw new UndecodableImageException(
          ImageError.TOO_MANY_PIXELS,
          "the %s claims %d x %d pixels, more than %d"
              .formatted(file.format(), width, height, most));
    }
  }
}
