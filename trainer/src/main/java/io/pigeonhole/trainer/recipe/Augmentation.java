package io.pigeonhole.trainer.recipe;

/**
 * What is done to a training image each time it is shown.
 *
 * @param flip mirroring
 * @param translate greatest shift in pixels of a full-size image, each axis; what comes in at the
 *     border is reflected
 * @param cutout side of the square that is greyed out, in pixels of a full-size image; 0 for none
 */
public record Augmentation(Flip flip, int translate, int cutout) {

  /** The images as they are. */
  public static final Augmentation NONE = new Augmentation(Flip.NONE, 0, 0);

  /** How images are mirrored left to right. */
  public enum Flip {
    /** Never. */
    NONE,
    /** By a coin toss each time. */
    RANDOM,
    /** By a coin toss the first time, then in turns (arXiv:2404.00498): no view is repeated. */
    ALTERNATING
  }
}
