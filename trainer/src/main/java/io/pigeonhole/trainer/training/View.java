package io.pigeonhole.trainer.training;

import io.pigeonhole.trainer.data.Images;
import io.pigeonhole.trainer.recipe.Augmentation.Fill;

/**
 * What is shown of an image. Shifts and the cut are in pixels of the stage.
 *
 * @param right how far right in the image the view begins
 * @param down how far down in the image the view begins
 * @param flip whether left and right are exchanged
 * @param map from the view to the image
 * @param cutout side of the square that is greyed out, from {@code top} and {@code left}
 * @param jitter of colours and detail
 */
record View(
    Images images,
    int image,
    int right,
    int down,
    boolean flip,
    AffineMap map,
    Fill fill,
    int top,
    int left,
    int cutout,
    Jitter jitter) {

  private static final int CHANNELS = Images.CHANNELS;
  private static final byte GREY = 127;
  private static final int ROUNDING = 1 << 15;

  /** Of 1/256 of a pixel, so that what is nearly a whole place becomes one. */
  private static final long HALF_A_STEP = 1L << 23;

  /**
   * Paints the view, {@code [size, size, 3]}.
   *
   * @param pixels room for the image as it is
   */
  void paint(byte[] pixels, byte[] target) {
    images.read(image, pixels, 0);
    if (map.equals(AffineMap.IDENTITY)) {
      move(pixels, target);
    } else {
      warp(pixels, target);
    }
    jitter.change(target, images.size());
    if (cutout > 0) {
      cut(target);
    }
  }

  /** Whole pixels: nothing has to be computed. */
  private void move(byte[] pixels, byte[] target) {
    int size = images.size();
    for (int y = 0; y < size; y++) {
      int row = Border.inside(fill, y + down, size);
      for (int x = 0; x < size; x++) {
        int column = Border.inside(fill, x + right, size);
        int to = (y * size + x) * CHANNELS;
        if (row < 0 || column < 0) {
          target[to] = 0;
          target[to + 1] = 0;
          target[to + 2] = 0;
          continue;
        }
        int from = (row * size + (flip ? size - 1 - column : column)) * CHANNELS;
        target[to] = pixels[from];
        target[to + 1] = pixels[from + 1];
        target[to + 2] = pixels[from + 2];
      }
    }
  }

  /** Places are whole numbers with 32 bits after the point: adding them up is quick and exact. */
  private void warp(byte[] pixels, byte[] target) {
    int size = images.size();
    double column = flip ? size - 1 - right : right;
    long downStep = fixed(flip ? -map.yx() : map.yx());
    long rightStep = fixed(flip ? -map.xx() : map.xx());
    int to = 0;
    for (int y = 0; y < size; y++) {
      double row = y + down;
      long fromRow = fixed(map.yy() * row + map.yx() * column + map.y0()) + HALF_A_STEP;
      long fromColumn = fixed(map.xy() * row + map.xx() * column + map.x0()) + HALF_A_STEP;
      for (int x = 0; x < size; x++) {
        mix(pixels, size, fromRow, fromColumn, target, to);
        fromRow += downStep;
        fromColumn += rightStep;
        to += CHANNELS;
      }
    }
  }

  private static long fixed(double place) {
    return (long) (place * (1L << 32));
  }

  /** Mixes the four pixels around a place, bilinearly, in steps of 1/256 of a pixel. */
  private void mix(byte[] pixels, int size, long row, long column, byte[] target, int to) {
    int low = (int) (row >>> 24) & 0xff;
    int far = (int) (column >>> 24) & 0xff;
    int above = Border.inside(fill, (int) (row >> 32), size);
    int below = Border.inside(fill, (int) (row >> 32) + 1, size);
    int before = Border.inside(fill, (int) (column >> 32), size);
    int after = Border.inside(fill, (int) (column >> 32) + 1, size);
    if ((above | below | before | after) < 0) {
      mixWithBlack(pixels, size, new int[] {above, below, before, after}, low, far, target, to);
      return;
    }
    int aboveBefore = (above * size + before) * CHANNELS;
    int aboveAfter = (above * size + after) * CHANNELS;
    int belowBefore = (below * size + before) * CHANNELS;
    int belowAfter = (below * size + after) * CHANNELS;
    for (int channel = 0; channel < CHANNELS; channel++) {
      int upper =
          (256 - far) * (pixels[aboveBefore + channel] & 0xff)
              + far * (pixels[aboveAfter + channel] & 0xff);
      int lower =
          (256 - far) * (pixels[belowBefore + channel] & 0xff)
              + far * (pixels[belowAfter + channel] & 0xff);
      target[to + channel] = (byte) (((256 - low) * upper + low * lower + ROUNDING) >> 16);
    }
  }

  /** The same, where some of the four pixels (rows, then columns) are outside. */
  private static void mixWithBlack(
      byte[] pixels, int size, int[] places, int low, int far, byte[] target, int to) {
    for (int channel = 0; channel < CHANNELS; channel++) {
      int sum = ROUNDING;
      for (int corner = 0; corner < 4; corner++) {
        int row = places[corner / 2];
        int column = places[2 + corner % 2];
        int weight = (corner < 2 ? 256 - low : low) * (corner % 2 == 0 ? 256 - far : far);
        boolean black = row < 0 || column < 0;
        sum += black ? 0 : weight * (pixels[(row * size + column) * CHANNELS + channel] & 0xff);
      }
      target[to + channel] = (byte) (sum >> 16);
    }
  }

  private void cut(byte[] target) {
    int size = images.size();
    for (int y = Math.max(0, top); y < Math.min(size, top + cutout); y++) {
      for (int x = Math.max(0, left); x < Math.min(size, left + cutout); x++) {
        int to = (y * size + x) * CHANNELS;
        target[to] = GREY;
        target[to + 1] = GREY;
        target[to + 2] = GREY;
      }
    }
  }
}
