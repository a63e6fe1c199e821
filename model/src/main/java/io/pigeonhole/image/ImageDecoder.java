package io.pigeonhole.image;

import io.pigeonhole.image.ImageHeader.Format;
import java.io.IOException;

/**
 * Bytes to pixels: JPEG, PNG, GIF (the first frame) and BMP, told by their bytes and never by a
 * name; grey, palette and CMYK come out as RGB, transparency over white, photos as they were held.
 * Size and pixels are checked before anything is decoded. Thread-safe. Needs TensorFlow's library.
 */
public final class ImageDecoder implements AutoCloseable {
  private static final int MAX_RATIO = 8;
  // An array of Java has at most 2^31 bytes: four for a pixel.
  private static final long MAX_PIXELS = Integer.MAX_VALUE / 4;

  private final ImageLimits limits;
  private final TensorFlowDecoder tensorFlow = new TensorFlowDecoder();

  public ImageDecoder(ImageLimits limits) {
    this.limits = limits;
  }

  /**
   * Decodes an image at its full size.
   *
   * @throws UndecodableImageException saying why these bytes give no pixels
   */
  public Pixels decode(byte[] bytes) throws UndecodableImageException {
    return decode(bytes, Integer.MAX_VALUE, Integer.MAX_VALUE);
  }

  /**
   * Decodes an image of which few pixels are needed: a JPEG at 1/2, 1/4 or 1/8 of its size, as long
   * as both sides keep twice what is asked for; everything else at its full size.
   *
   * @throws UndecodableImageException saying why these bytes give no pixels
   */
  public Pixels decode(byte[] bytes, int atLeastWidth, int atLeastHeight)
      throws UndecodableImageException {
    requireSize(bytes);
    ImageHeader header = ImageHeader.read(bytes);
    if ((long) header.width() * header.height() > Math.min(limits.maxPixels(), MAX_PIXELS)) {
      throw new UndecodableImageException(
          ImageError.TOO_MANY_PIXELS,
          "the image claims %d x %d pixels, more than %d"
              .formatted(header.width(), header.height(), limits.maxPixels()));
    }
    try {
      return decode(header, bytes, atLeastWidth, atLeastHeight);
    } catch (IOException | RuntimeException | StackOverflowError e) {
      throw new UndecodableImageException(
          ImageError.CORRUPT,
          "the %s cannot be decoded: %s".formatted(header.format(), firstLine(e)),
          e);
    }
  }

  private Pixels decode(ImageHeader header, byte[] bytes, int atLeastWidth, int atLeastHeight)
      throws IOException {
    if (header.format() == Format.PNG) {
      return tensorFlow.png(bytes, header.alpha());
    } else if (header.format() != Format.JPEG) {
      return JdkDecoder.decode(header, bytes);
    }
    int orientation = Orientation.of(bytes);
    int ratio =
        Orientation.swapsSides(orientation)
            ? ratio(header, atLeastHeight, atLeastWidth)
            : ratio(header, atLeastWidth, atLeastHeight);
    return Orientation.apply(orientation, tensorFlow.jpeg(bytes, ratio));
  }

  private static int ratio(ImageHeader header, long atLeastWidth, long atLeastHeight) {
    int ratio = MAX_RATIO;
    while (ratio > 1
        && (header.width() / ratio < 2 * atLeastWidth
            || header.height() / ratio < 2 * atLeastHeight)) {
      ratio /= 2;
    }
    return ratio;
  }

  private void requireSize(byte[] bytes) throws UndecodableImageException {
    if (bytes.length == 0) {
      throw new UndecodableImageException(ImageError.EMPTY, "the image has 0 bytes");
    }
    if (bytes.length > limits.maxBytes()) {
      throw new UndecodableImageException(
          ImageError.TOO_LARGE,
          "the image has %d bytes, more than %d".formatted(bytes.length, limits.maxBytes()));
    }
  }

  private static String firstLine(Throwable e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason given");
  }

  @Override
  public void close() {
    tensorFlow.close();
  }
}
