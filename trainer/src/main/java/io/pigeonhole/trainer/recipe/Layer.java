package io.pigeonhole.trainer.recipe;

/**
 * One row of a network, in the order in which an image meets them. The row in front of it fixes its
 * input; the last row's {@link Dense} makes the class scores.
 */
public sealed interface Layer {

  /** Bytes to 0..1. */
  record Rescale() implements Layer {}

  /** Bytes to zero mean and unit variance a channel, by the training images' statistics. */
  record Standardise() implements Layer {}

  /**
   * A frozen bank of {@code 2·size·size·channels} filters computed from training patches (their
   * principal components, scaled to unit variance, and the negatives of those), then ReLU. It gives
   * the first trained layer uncorrelated inputs, and no gradient has to reach it.
   *
   * @param size side of the square patch in pixels
   */
  record Whitening(int size) implements Layer {}

  /**
   * Convolution (stride 1), pooling, normalisation or bias, ReLU, in this order. Pooling comes
   * before the activation: the two commute, and a quarter of the values is left to activate.
   *
   * @param filters number of output channels
   * @param size side of the square kernel in pixels
   * @param padding what happens at the border
   * @param pool side and stride of the max pooling; 1 for none
   * @param norm batch normalisation with a trained bias and no trained scale, instead of a bias
   */
  record Conv(int filters, int size, Padding padding, int pool, boolean norm) implements Layer {}

  /** Takes the greatest value of each channel: {@code [h,w,c] → [c]}. */
  record GlobalMax() implements Layer {}

  /** {@code [h,w,c] → [h·w·c]}. */
  record Flatten() implements Layer {}

  /**
   * A fully connected row.
   *
   * @param units outputs
   * @param relu whether ReLU follows
   * @param bias whether a bias is added
   * @param scale factor on the outputs, 1 for none
   */
  record Dense(int units, boolean relu, boolean bias, double scale) implements Layer {}

  /** What a convolution does at the border. */
  enum Padding {
    /** Zeros outside: the output is as large as the input. */
    SAME,
    /** Only whole patches: the output shrinks by {@code size - 1}. */
    VALID
  }
}
