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
    int cutout) {

  private static final int CHANNELS = Images.CHANNELS;
  private static final byte GREY = 127;

  /**
   * Paints the view, {@code [size, size, 3]}.
   *
   * @param pixels room for the image as it is
   */
  void paint(byte[] pixels, byte[] target, int at) {
    images.read(image, pixels, 0);
    if (map.equals(AffineMap.IDENTITY)) {
      move(pixels, target, at);
    } else {
      warp(pixels, target, at);
    }
    if (cutout > 0) {
      cut(target, at);
    }
  }

  /** Whole pixels: nothing has to be computed. */
  private void move(byte[] pixels, byte[] target, int at) {
    int size = images.size();
    for (int y = 0; y < size; y++) {
      int row = Border.inside(fill, y + down, size);
      for (int x = 0; x < size; x++) {
        int column = Border.inside(fill, x + right, size);
        int to = at + (y * size + x) * CHANNELS;
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

  private void warp(byte[] pixels, byte[] target, int at) {
    int size = images.size();
    for (int y = 0; y < size; y++) {
      double row = y + down;
      for (int x = 0; x < size; x++) {
        double column = flip ? size - 1 - x - right : x + right;
        interpolate(
            pixels,
            map.yy() * row + map.yx() * column + map.y0(),
            map.xy() * row + map.xx() * column + map.x0(),
            target,
            at + (y * size + x) * CHANNELS);
      }
    }
  }

  /** Mixes the four pixels around a place, bilinearly. */
  private void interpolate(byte[] pixels, double y, double x, byte[] target, int to) {
    int size = images.size();
    int top0 = (int) Math.floor(y);
    int left0 = (int) Math.floor(x);
    double low = y - top0;
    double far = x - left0;
    int above = Border.inside(fill, top0, size);
    int below = Border.inside(fill, top0 + 1, size);
    int before = Border.inside(fill, left0, size);
    int after = Border.inside(fill, left0 + 1, size);
    for (int channel = 0; channel < CHANNELS; channel++) {
      double upper =
          (1 - far) * value(pixels, above, before, channel)
              + far * value(pixels, above, after, channel);
      double lower =
          (1 - far) * value(pixels, below, before, channel)
              + far * value(pixels, below, after, channel);
      target[to + channel] = (byte) (int) ((1 - low) * upper + low * lower + 0.5);
    }
  }

  private int value(byte[] pixels, int row, int column, int channel) {
    return row < 0 || column < 0
        ? 0
        : pixels[(row * images.size() + column) * CHANNELS + channel] & 0xff;
  }

  private void cut(byte[] target, int at) {
    int size = images.size();
    for (int y = Math.max(0, top); y < Math.min(size, top + cutout); y++) {
      for (int x = Math.max(0, left); x < Math.min(size, left + cutout); x++) {
        int to = at + (y * size + x) * CHANNELS;
        target[to] = GREY;
        target[to + 1] = GREY;
        target[to + 2] = GREY;
      }
    }
  }
}
