package io.pigeonhole.trainer.training;

import io.pigeonhole.trainer.data.Images;
import io.pigeonhole.trainer.recipe.Augmentation;

/** One picture of an image, which depends on nothing but the image and the numbers given. */
public final class AugmentedView {

  private AugmentedView() {}

  /**
   * Paints a view.
   *
   * @param number of the view, from 0; another shows something else
   * @param pixels room for the image as it is, {@code [size, size, 3]}
   * @param target of the view, likewise
   */
  public static void paint(
      Images images,
      int image,
      Augmentation augmentation,
      long seed,
      int number,
      byte[] pixels,
      byte[] target) {
    long own = seed * 0x9E3779B97F4A7C15L + image;
    new Views(images, augmentation, images.size(), own, number).draw(image).paint(pixels, target);
  }
}
