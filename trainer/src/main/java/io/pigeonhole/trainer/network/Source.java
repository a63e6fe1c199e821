package io.pigeonhole.trainer.network;

import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/** Where a network's parameters come from. */
interface Source {

  /** The parameter of a row, in the precision it is kept in. */
  Operand<TFloat32> get(String row, Parameter.Role role);

  /** Whether the network runs on a processor for sure; some bfloat16 routines are slow there. */
  default boolean onCpu() {
    return false;
  }

  /** Whether large kernels are to be kept in two bytes a value. */
  default boolean half() {
    return false;
  }

  /** Batch normalisation of a row's {@code [n,h,w,c]} values, with the row's shift. */
  <T extends TFloating> Operand<T> normalise(Operand<T> values, String row, Class<T> type);

  /**
   * Values of a row of which training forgets some.
   *
   * @param rate part that is forgotten
   */
  default <T extends TFloating> Operand<T> dropout(
      Operand<T> values, String row, double rate, Class<T> type) {
    return values;
  }

  /**
   * Told of each 3×3 convolution of stride 1 of bfloat16 values on a processor, unless its images
   * lie side by side, so that a training graph finds its way back through it.
   */
  default <T extends TFloating> void convolved(Convolved<T> convolution) {}

  /**
   * A 3×3 convolution of stride 1 in a graph.
   *
   * @param row its name
   * @param in what it was given, {@code [n,h,w,channels]}
   * @param out what it made, before bias, pooling and activation
   */
  record Convolved<T extends TFloating>(String row, Operand<T> in, Operand<T> out) {}
}
