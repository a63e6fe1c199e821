package io.pigeonhole.trainer.training;

import io.pigeonhole.trainer.recipe.Augmentation.Fill;

/** What is outside of an image. */
final class Border {

  /** Nothing but black. */
  static final int OUTSIDE = -1;

  private Border() {}

  /**
   * The row or column that stands for one that may be outside.
   *
   * @param size of the image; rows and columns are from 0
   */
  static int inside(Fill fill, int place, int size) {
    if (place >= 0 && place < size) {
      return place;
    }
    return switch (fill) {
      case NEAREST -> place < 0 ? 0 : size - 1;
      case REFLECT -> reflected(place, size);
      case CONSTANT -> OUTSIDE;
      case WRAP -> Math.floorMod(place, size);
    };
  }

  private static int reflected(int place, int size) {
    if (size == 1) {
      return 0;
    }
    int inPeriod = Math.floorMod(place, 2 * (size - 1));
    return inPeriod < size ? inPeriod : 2 * (size - 1) - inPeriod;
  }
}
