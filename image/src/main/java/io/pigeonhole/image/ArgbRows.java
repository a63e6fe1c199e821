package io.pigeonhole.image;

/** The rows of an image as colours and their opacities. */
interface ArgbRows {
  /** Reads a row: each pixel as 0xAARRGGBB. */
  void read(int y, int[] argb);
}
