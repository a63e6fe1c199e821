package io.pigeonhole.trainer.network;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * The gradient of a convolution's kernel over images that are smaller than the processor's matrix
 * tiles. The library's routine fills a tile with one row of one image: at 7 columns it multiplies
 * mostly nothing. So some images are laid side by side, and rows get long (256 channels, 7×7: 102 →
 * 48 ms; 3×3: 56 → 11 ms). Between them is a margin of zeros, which is what a padded convolution
 * sees anyway; of one without padding, it is the gradient that has zeros wherever a patch would
 * reach into the next image. The sum over all places stays the same.
 */
final class SideBySide {

  /** Side of the kernels that it works for. */
  static final int KERNEL = 3;

  /** Columns that a convolution without padding has fewer than what it was given. */
  private static final int LOST = KERNEL - 1;

  /** Rows up to this many columns pay for the copying. */
  private static final int WIDEST = 8;

  /** Columns that a row of several images should not exceed. */
  private static final int ENOUGH = 48;

  private SideBySide() {}

  /** Whether this is possible, and faster, for a convolution of stride 1. */
  static boolean pays(Shape in, Shape kernel, Shape out) {
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
   * {@code [n,h,w,c] → [n/images, h, images·(w+margin), c]}.
   *
   * @param margin columns of zeros after each image
   */
  private static <T extends TFloating> Operand<T> laid(
      Ops tf, Operand<T> batch, Shape shape, int images, int margin) {
    int groups = (int) shape.get(0) / images;
    int height = (int) shape.get(1);
    int width = (int) shape.get(2);
    int channels = (int) shape.get(3);
    Operand<T> rows =
        tf.reshape(batch, tf.constant(new int[] {groups, images, height, width * channels}));
    int[][] margins = {{0, 0}, {0, 0}, {0, 0}, {0, margin * channels}};
    Operand<T> zero = tf.dtypes.cast(tf.constant(0f), batch.type());
    Operand<T> turned =
        tf.linalg.transpose(
            margin == 0 ? rows : tf.pad(rows, tf.constant(margins), zero),
            tf.constant(new int[] {0, 2, 1, 3}));
    return tf.reshape(
        turned, tf.constant(new int[] {groups, height, images * (width + margin), channels}));
  }

  /** Without the last image's margin, which no patch of the long row has. */
  private static <T extends TFloating> Operand<T> withoutEnd(Ops tf, Operand<T> laid) {
    Shape shape = laid.shape();
    int[] size = {-1, -1, (int) shape.get(2) - LOST, -1};
    return tf.slice(laid, tf.constant(new int[4]), tf.constant(size));
  }
}
