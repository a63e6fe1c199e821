package io.pigeonhole.trainer.training;

import io.pigeonhole.trainer.data.Images;
import io.pigeonhole.trainer.recipe.Augmentation;
import io.pigeonhole.trainer.recipe.Augmentation.Flip;
import java.util.SplittableRandom;

/**
 * Makes the augmented view of an image that a step sees. Not thread-safe: it draws random numbers.
 */
final class Views {

  private static final int CHANNELS = Images.CHANNELS;
  private static final byte GREY = 127;

  private final Images images;
  private final Augmentation augmentation;
  private final int translate;
  private final int cutout;
  private final SplittableRandom random;
  private final byte[] pixels;
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
    this.pixels = new byte[images.bytesPerImage()];
    this.seed = seed;
    this.epoch = epoch;
    this.random = new SplittableRandom(seed * 1_000_003 + epoch);
  }

  private static int scaled(int pixels, int size, int fullSize) {
    return (int) Math.round((double) pixels * size / fullSize);
  }

  /** Writes a view of an image, {@code [size, size, 3]}. */
  void write(int image, byte[] target, int at) {
    int size = images.size();
    int right = translate == 0 ? 0 : random.nextInt(-translate, translate + 1);
    int down = translate == 0 ? 0 : random.nextInt(-translate, translate + 1);
    boolean flip = flipped(image);
    images.read(image, pixels, 0);
    for (int y = 0; y < size; y++) {
      int row = reflect(y + down, size) * size * CHANNELS;
      for (int x = 0; x < size; x++) {
        int column = reflect(x + right, size);
        int from = row + (flip ? size - 1 - column : column) * CHANNELS;
        int to = at + (y * size + x) * CHANNELS;
        target[to] = pixels[from];
        target[to + 1] = pixels[from + 1];
        target[to + 2] = pixels[from + 2];
      }
    }
    if (cutout > 0) {
      cut(target, at);
    }
  }

  /** Mirrors what is outside of {@code 0..size-1}, the border pixel itself not repeated. */
  private static int reflect(int place, int size) {
    int inside = Math.abs(place);
    return inside < size ? inside : 2 * (size - 1) - inside;
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

  private void cut(byte[] target, int at) {
    int size = images.size();
    int top = random.nextInt(size) - cutout / 2;
    int left = random.nextInt(size) - cutout / 2;
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
