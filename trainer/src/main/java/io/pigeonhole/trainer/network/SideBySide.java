package io.pigeonhole.trainer.network;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * Convolutions, and the gradients of their kernels, over images that are smaller than the
 * processor's matrix tiles. The library's routines fill a tile with one row of one image: at 7
 * columns the gradient multiplies mostly nothing, at 3 every one of them does. So some images are
 * laid side by side, and rows get long (1,024 images, 384 channels, 7×7, gradient: 294 → 117 ms;
 * 512 channels, 3×3, gradient: 325 → 45 ms, forward: 76 → 29 ms). Between them is a margin of
 * zeros, which is what a padded convolution sees anyway; of one without padding, it is the gradient
 * that has zeros wherever a patch would reach into the next image. The sum over all places stays
 * the same.
 */
final class SideBySide {

  /** Side of the kernels that it works for. */
  static final int KERNEL = 3;

  /** Columns that a convolution without padding has fewer than what it was given. */
  private static final int LOST = KERNEL - 1;

  /** Rows up to this many columns are too short for a kernel's gradient. */
  private static final int WIDEST = 8;

  /** Rows up to this many columns are too short for a convolution, too. */
  private static final int WIDEST_FORWARD = 5;

  /** Columns that a row of several images should not exceed. */
  private static final int ENOUGH = 64;

  private SideBySide() {}

  /** Whether the gradient of a kernel of stride 1 is possible in this way, and faster. */
  static boolean paysForGradient(Shape in, Shape kernel, Shape out) {
    return kernel.get(0) == KERNEL
        && kernel.get(1) == KERNEL
        && (isPadded(in, out) || out.get(2) == in.get(2) - LOST)
        && images(in) > 1;
  }

  private static boolean isPadded(Shape in, Shape out) {
    return out.get(1) == in.get(1) && out.get(2) == in.get(2);
  }

  /** How many images of a batch {@code [n,h,w,c]} are laid side by side: 1 if that does not pay. */
  static int images(Shape batch) {
    int width = (int) batch.get(2);
    if (width > WIDEST) {
      return 1;
    }
    int most = Integer.highestOneBit(ENOUGH / (width + 1));
    return (int) Math.min(most, Long.lowestOneBit(batch.get(0)));
  }

  /** Whether a convolution, if padded and of stride 1, is faster in this way. */
  static boolean paysForward(Shape in, Shape kernel) {
    return kernel.get(0) == KERNEL
        && kernel.get(1) == KERNEL
        && in.get(2) <= WIDEST_FORWARD
        && images(in) > 1;
  }

  /**
   * A padded convolution of stride 1.
   *
   * @param in {@code [n,h,w,channels]}
   * @param kernel {@code [3,3,channels,filters]}
   * @return {@code [n,h,w,filters]}
   */
  static <T extends TFloating> Operand<T> conv(Ops tf, Operand<T> in, Operand<T> kernel) {
    int images = images(in.shape());
    Operand<T> rows =
        tf.nn.conv2d(laid(tf, in, in.shape(), images, 1), kernel, List.of(1L, 1L, 1L, 1L), "SAME");
    Operand<T> apart = tf.concat(tf.split(tf.constant(2), rows, (long) images), tf.constant(0));
    return tf.slice(
        apart,
        tf.constant(new int[4]),
        tf.constant(new int[] {-1, -1, (int) in.shape().get(2), -1}));
  }

  /**
   * The gradient of the kernel.
   *
   * @param in what the convolution (3×3, stride 1) was given
   * @param gradient of the loss by what it made
   * @param kernel its shape
   */
  static <T extends TFloating> Operand<T> kernelGradient(
      Ops tf, Operand<T> in, Operand<T> gradient, Shape kernel) {
    int images = images(in.shape());
    Shape made = gradient.shape().take(3).append(kernel.get(3));
    boolean padded = isPadded(in.shape(), made);
    Operand<T> places = laid(tf, gradient, made, images, padded ? 1 : LOST);
    return tf.nn.conv2dBackpropFilter(
        laid(tf, in, in.shape(), images, padded ? 1 : 0),
        tf.constant(new int[] {KERNEL, KERNEL, (int) kernel.get(2), (int) kernel.get(3)}),
        padded ? places : withoutEnd(tf, places),
        List.of(1L, 1L, 1L, 1L),
        padded ? "SAME" : "VALID");
  }

  /**
   * {@code [n,h,w,c] → [n/images, h, images·(w+margin), c]}. Of slices, since transposing takes the
   * library twenty times as long.
   *
   * @param margin columns of zeros after each image
   */
  private static <T extends TFloating> Operand<T> laid(
      Ops tf, Operand<T> batch, Shape shape, int images, int margin) {
    Operand<T> zero = tf.dtypes.cast(tf.constant(0f), batch.type());
    int[] between = {(int) shape.get(0) / images, (int) shape.get(1), margin, (int) shape.get(3)};
    Operand<T> zeros = tf.fill(tf.constant(between), zero);
    List<Operand<T>> row = new ArrayList<>();
    for (Operand<T> image : tf.split(tf.constant(0), batch, (long) images)) {
      row.add(image);
      row.add(zeros);
    }
    return tf.concat(row, tf.constant(2));
  }

  /** Without the last image's margin, which no patch of the long row has. */
  private static <T extends TFloating> Operand<T> withoutEnd(Ops tf, Operand<T> laid) {
    Shape shape = laid.shape();
    int[] size = {-1, -1, (int) shape.get(2) - LOST, -1};
    return tf.slice(laid, tf.constant(new int[4]), tf.constant(size));
  }
}
