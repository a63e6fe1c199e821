package io.pigeonhole.trainer.recipe;

import java.util.List;

/**
 * How a head is trained on the features of a base.
 *
 * @param views of each image whose features are kept, the image itself among them; the others are
 *     augmented
 * @param l2 candidates for the factor on the sum of the squares of the head's kernels, of which
 *     held-out images choose; the features have unit variance
 * @param loss what is made small along with them
 */
public record Transfer(int views, List<Double> l2, Loss loss) {

  /** How far scores are from labels. */
  public enum Loss {
    /** The cross-entropy of their softmax. */
    CROSS_ENTROPY,
    /**
     * The squares of their differences from rows with a one at the class; of more than 8,000 views,
     * cross-entropy. With more features than views, which anything fits, it leaves more for others
     * (arXiv:2006.07322).
     */
    SQUARED
  }

  /** What suits some dozens of images a class as well as thousands. */
  public static final Transfer USUAL =
      new Transfer(4, List.of(1.0, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001), Loss.CROSS_ENTROPY);

  public Transfer {
    l2 = List.copyOf(l2);
  }
}
