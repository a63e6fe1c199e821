package io.pigeonhole.trainer.training;

import io.pigeonhole.trainer.data.Images;
import io.pigeonhole.trainer.recipe.Augmentation;
import io.pigeonhole.trainer.recipe.Augmentation.Flip;
import io.pigeonhole.trainer.recipe.Augmentation.Warp;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Decides what an epoch shows of each image. One thread draws, image after image, so that the same
 * seed draws the same; what was drawn can then be painted by any thread.
 */
final class Views {

  private final Images images;
  private final Augmentation augmentation;
  private final int translate;
  private final int cutout;
  private final SplittableRandom random;
  private final int epoch;
  private final long seed;

  /**
   * Prepares the views of one epoch.
   *
   * @param images in the size of the stage
   * @param fullSize side for which the augmentation's pixels are meant
   * @param epoch from 0: alternating flips depend on it
   */
  Views(Images images, Augmentation augmentation, int fullSize, long seed, int epoch) {
    this.images = images;
    this.augmentation = augmentation;
    this.translate = scaled(augmentation.translate(), images.size(), fullSize);
    this.cutout = scaled(augmentation.cutout(), images.size(), fullSize);
    this.seed = seed;
    this.epoch = epoch;
    this.random = new SplittableRandom(seed * 1_000_003 + epoch);
  }

  private static int scaled(int pixels, int size, int fullSize) {
    return (int) Math.round((double) pixels * size / fullSize);
  }

  /** Draws the view of the next image. */
  View draw(int image) {
    return draw(image, jitter());
  }

  private Jitter jitter() {
    return augmentation.jitter() == 0 ? Jitter.NONE : Jitter.drawn(augmentation.jitter(), random);
  }

  private View draw(int image, Jitter jitter) {
    int right = translate == 0 ? 0 : random.nextInt(-translate, translate + 1);
    int down = translate == 0 ? 0 : random.nextInt(-translate, translate + 1);
    boolean flip = flipped(image);
    int top = cutout == 0 ? 0 : random.nextInt(images.size()) - cutout / 2;
    int left = cutout == 0 ? 0 : random.nextInt(images.size()) - cutout / 2;
    return new View(
        images, image, right, down, flip, map(), augmentation.fill(), top, left, cutout, jitter);
  }

  /** Draws which of a batch's views get a part of the next one pasted in, and where. */
  MixedView[] mixed(View[] views) {
    MixedView[] mixed = new MixedView[views.length];
    for (int i = 0; i < views.length; i++) {
      boolean pasted = augmentation.mixes() && random.nextDouble() < augmentation.cutmix();
      mixed[i] =
          pasted ? mixed(views[i], views[(i + 1) % views.length]) : MixedView.unmixed(views[i]);
    }
    return mixed;
  }

  /**
   * Draws images of no class.
   *
   * @param files that the images have been in
   */
  Outlier[] outliers(int count, JpegFiles files) {
    Outlier[] outliers = new Outlier[count];
    for (int i = 0; i < count; i++) {
      List<View> views =
          random
              .ints(Outlier.VIEWS, 0, images.count())
              .boxed()
              .map(image -> draw(image, Jitter.NONE))
              .toList();
      outliers[i] = Outlier.drawn(views, jitter(), files, random);
    }
    return outliers;
  }

  /** A square of a random area around a random place, as far as it is inside of the image. */
  private MixedView mixed(View view, View other) {
    int size = images.size();
    int side = (int) (size * Math.sqrt(random.nextDouble()));
    int top = random.nextInt(size) - side / 2;
    int left = random.nextInt(size) - side / 2;
    int firstRow = Math.max(0, top);
    int firstColumn = Math.max(0, left);
    int rows = Math.min(size, top + side) - firstRow;
    int columns = Math.min(size, left + side) - firstColumn;
    return new MixedView(view, other, firstRow, firstColumn, rows, columns);
  }

  private boolean flipped(int image) {
    if (augmentation.flip() == Flip.NONE) {
      return false;
    }
    if (augmentation.flip() == Flip.RANDOM) {
      return random.nextBoolean();
    }
    boolean first = new SplittableRandom(seed ^ (image * 0x9E3779B97F4A7C15L)).nextBoolean();
    return first ^ (epoch % 2 == 1);
  }

  private AffineMap map() {
    Warp warp = augmentation.warp();
    if (warp.equals(Warp.NONE)) {
      return AffineMap.IDENTITY;
    }
    return AffineMap.of(
        images.size(),
        Math.toRadians(within(warp.rotate())),
        within(warp.shift()) * images.size(),
        within(warp.shift()) * images.size(),
        Math.toRadians(within(warp.shear())),
        1 + within(warp.zoom()),
        1 + within(warp.zoom()));
  }

  private double within(double most) {
    return most == 0 ? 0 : random.nextDouble(-most, most);
  }
}
