package io.pigeonhole.image;

/** Where an image lies on a larger one, which is white beside it. */
record Canvas(int width, int height, int left, int top) {
  /** That of an image which is all there is to see. */
  static Canvas of(int width, int height) {
    return new Canvas(width, height, 0, 0);
  }
}
