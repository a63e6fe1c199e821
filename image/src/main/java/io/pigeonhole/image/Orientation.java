package io.pigeonhole.image;

/**
 * How a photo lies in its file: EXIF tag 0x0112, 1 to 8 (CIPA DC-008, 4.6.4). Each says where the
 * shown image's first pixel is stored, and whether its rows are the stored columns.
 */
enum Orientation {
  UPRIGHT(false, false, false),
  MIRRORED(false, true, false),
  UPSIDE_DOWN(false, true, true),
  UPSIDE_DOWN_MIRRORED(false, false, true),
  TRANSPOSED(true, false, false),
  TURNED_LEFT(true, false, true),
  TRANSVERSED(true, true, true),
  TURNED_RIGHT(true, true, false);

  private final boolean swapsSides;
  private final boolean fromRight;
  private final boolean fromBottom;

  Orientation(boolean swapsSides, boolean fromRight, boolean fromBottom) {
    this.swapsSides = swapsSides;
    this.fromRight = fromRight;
    this.fromBottom = fromBottom;
  }

  /** The orientation of a tag's value; upright if it has no meaning. */
  static Orientation of(int value) {
    return value >= 1 && value <= 8 ? values()[value - 1] : UPRIGHT;
  }

  boolean swapsSides() {
    return swapsSides;
  }

  /** Turns and mirrors pixels so that the top is up. */
  Pixels upright(Pixels image) {
    if (this == UPRIGHT) {
      return image;
    }
    int width = swapsSides ? image.height() : image.width();
    int height = swapsSides ? image.width() : image.height();
    // Where the first pixel comes from, and how far from it the next in a row and in a column are.
    int first =
        (fromRight ? image.width() - 1 : 0) + (fromBottom ? image.height() - 1 : 0) * image.width();
    int along = fromRight ? -1 : 1;
    int down = fromBottom ? -image.width() : image.width();
    int stepX = swapsSides ? down : along;
    int stepY = swapsSides ? along : down;
    byte[] from = image.rgb();
    byte[] to = new byte[from.length];
    for (int y = 0, t = 0; y < height; y++) {
      for (int x = 0, f = 3 * (first + y * stepY); x < width; x++, f += 3 * stepX) {
        to[t++] = from[f];
        to[t++] = from[f + 1];
        to[t++] = from[f + 2];
      }
    }
    return new Pixels(width, height, to);
  }
}
