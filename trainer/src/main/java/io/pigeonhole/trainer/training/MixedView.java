package io.pigeonhole.trainer.training;

import io.pigeonhole.trainer.data.Images;

/**
 * A view with a rectangle of another one pasted in (CutMix, arXiv:1905.04899).
 *
 * @param view what is shown around the rectangle
 * @param other what is shown inside
 * @param top first row of the rectangle
 * @param left first column
 * @param height rows; 0 for no rectangle
 * @param width columns
 */
record MixedView(View view, View other, int top, int left, int height, int width) {

  /** A view as it is. */
  static MixedView unmixed(View view) {
    return new MixedView(view, view, 0, 0, 0, 0);
  }

  /**
   * Paints the view, {@code [size, size, 3]}.
   *
   * @param pixels room for an image as it is
   * @param inside room for the other view
   */
  void paint(byte[] pixels, byte[] inside, byte[] target) {
    view.paint(pixels, target);
    if (pasted() == 0) {
      return;
    }
    other.paint(pixels, inside);
    int size = view.images().size();
    for (int y = top; y < top + height; y++) {
      int from = (y * size + left) * Images.CHANNELS;
      System.arraycopy(inside, from, target, from, width * Images.CHANNELS);
    }
  }

  /** The label of the larger part. */
  int label() {
    return label(2 * pasted() > area() ? other : view);
  }

  /** The label of the smaller part. */
  int secondLabel() {
    return label(2 * pasted() > area() ? view : other);
  }

  /** How much of the image the smaller part is, 0 to 0.5. */
  float secondShare() {
    return (float) Math.min(pasted(), area() - pasted()) / area();
  }

  private static int label(View view) {
    return view.images().labels()[view.image()];
  }

  private int pasted() {
    return height * width;
  }

  private int area() {
    return view.images().size() * view.images().size();
  }
}
