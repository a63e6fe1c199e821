package io.pigeonhole.trainer.recipe;

/**
 * What is done to a training image each time it is shown. Pixels are those of a full-size image.
 * The warp's ranges mean what Keras' {@code ImageDataGenerator} means by them.
 *
 * @param flip mirroring
 * @param translate greatest shift in whole pixels, each axis
 * @param cutout side of the square that is greyed out, in pixels; 0 for none
 * @param cutmix part of the images, 0 to 1, into which a square of another one is pasted, of an
 *     area that is drawn evenly, cut off at the border; both labels count, by area (CutMix with
 *     alpha 1, arXiv:1905.04899)
 * @param warp turns, shears, zooms and shifts by parts of pixels
 * @param fill what comes in at the border
 * @param jitter part of the images, 0 to 1, that each of these is changed in: sharpness, detail of
 *     the colours, contrast, saturation, cast, noise
 */
public record Augmentation(
    Flip flip, int translate, int cutout, double cutmix, Warp warp, Fill fill, double jitter) {

  /** The images as they are. */
  public static final Augmentation NONE = new Augmentation(Flip.NONE, 0, 0);

  /** Whole pixels only, the border reflected: no value is computed, bytes are moved. */
  public Augmentation(Flip flip, int translate, int cutout) {
    this(flip, translate, cutout, 0, Warp.NONE, Fill.REFLECT, 0);
  }

  /** Whether some images show two classes. */
  public boolean mixes() {
    return cutmix > 0;
  }

  /** How images are mirrored left to right. */
  public enum Flip {
    /** Never. */
    NONE,
    /** By a coin toss each time. */
    RANDOM,
    /** By a coin toss the first time, then in turns (arXiv:2404.00498): no view is repeated. */
    ALTERNATING
  }

  /**
   * Ranges of an affine map, drawn from evenly.
   *
   * @param rotate greatest angle in degrees, either way
   * @param shift greatest shift as a part of the side, each axis
   * @param shear greatest shear angle in degrees, either way
   * @param zoom each axis is scaled by {@code 1 - zoom} to {@code 1 + zoom}
   */
  public record Warp(double rotate, double shift, double shear, double zoom) {

    /** No map at all. */
    public static final Warp NONE = new Warp(0, 0, 0, 0);
  }

  /** Where a pixel outside of the image {@code abcd} comes from. */
  public enum Fill {
    /** {@code aaaa|abcd|dddd}. */
    NEAREST,
    /** {@code dcb|abcd|cba}: the border is not repeated, as in {@code np.pad(mode="reflect")}. */
    REFLECT,
    /** Black. */
    CONSTANT,
    /** {@code abcd|abcd|abcd}. */
    WRAP
  }
}
