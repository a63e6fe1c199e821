package io.pigeonhole.image;

/**
 * How many pixels are needed at least; an image is decoded to no fewer than twice as many a side.
 */
record Wanted(int width, int height) {
  /** As many as the image has. */
  static final Wanted ALL = new Wanted(Integer.MAX_VALUE, Integer.MAX_VALUE);

  Wanted swapped() {
    return new Wanted(height, width);
  }

  /**
   * By how much the sides of an image may be divided: at least 1.
   *
   * @param margin how many times the wanted pixels must be left along each side
   */
  int divisor(int imageWidth, int imageHeight, long margin) {
    long columns = imageWidth / (margin * Math.max(1, width));
    long rows = imageHeight / (margin * Math.max(1, height));
    return (int) Math.max(1, Math.min(columns, rows));
  }
}
