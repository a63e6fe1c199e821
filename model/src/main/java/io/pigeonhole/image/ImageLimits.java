package io.pigeonhole.image;

/**
 * What is looked at before an image is decoded.
 *
 * @param maxBytes of the file
 * @param maxPixels width times height; each takes 3 to 7 bytes of memory while it is decoded
 */
public record ImageLimits(long maxBytes, long maxPixels) {
  /** 50 MiB, 100 megapixels. */
  public static final ImageLimits DEFAULT = new ImageLimits(50L << 20, 100_000_000L);
}
