package io.pigeonhole.trainer.network;

import java.util.Locale;
import org.tensorflow.ndarray.Shape;

/**
 * A named array of numbers that a network consists of.
 *
 * @param row of the network that it belongs to
 * @param role what it does there
 * @param shape its dimensions, kernels as {@code [height, width, in, out]} or {@code [in, out]}
 */
record Parameter(String row, Role role, Shape shape) {

  /** Name, unique in the network; a valid TensorFlow operation name. */
  String name() {
    return name(row, role);
  }

  static String name(String row, Role role) {
    return row + "_" + role.name().toLowerCase(Locale.ROOT);
  }

  int size() {
    return Math.toIntExact(shape.size());
  }

  /** What a parameter does in its row, and whether training changes it. */
  enum Role {
    /** Trained factors. */
    KERNEL(true),
    /** Factors computed from the data beforehand. */
    FILTERS(false),
    /** Trained summands. */
    BIAS(true),
    /** Trained summands of a normalised row. */
    SHIFT(true),
    /** Mean of the values that reach a row. */
    MEAN(false),
    /** Variance of the values that reach a row. */
    VARIANCE(false);

    private final boolean trained;

    Role(boolean trained) {
      this.trained = trained;
    }

    boolean trained() {
      return trained;
    }
  }
}
