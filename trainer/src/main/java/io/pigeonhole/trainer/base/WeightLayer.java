package io.pigeonhole.trainer.base;

import java.util.List;
import org.tensorflow.ndarray.Shape;

/**
 * A layer that has weights, as Keras has it.
 *
 * @param name in Keras' application
 * @param kind of layer
 * @param arrays in the order in which Keras lists them
 */
record WeightLayer(String name, Kind kind, List<Array> arrays) {

  /** Layers of a kind are counted together where a file does not name them. */
  enum Kind {
    CONV("conv2d"),
    DEPTHWISE("depthwise_conv2d"),
    NORM("batch_normalization");

    private final String keras;

    Kind(String keras) {
      this.keras = keras;
    }

    /** What Keras calls the first layer of this kind where names are made up. */
    String keras() {
      return keras;
    }
  }

  /** An array of {@code float32}. */
  record Array(String name, Shape shape) {}

  /** A convolution, kernel {@code [size, size, in, out]}. */
  static WeightLayer conv(String name, int size, int in, int out, boolean bias) {
    Array kernel = new Array("kernel", Shape.of(size, size, in, out));
    return new WeightLayer(
        name,
        Kind.CONV,
        bias ? List.of(kernel, new Array("bias", Shape.of(out))) : List.of(kernel));
  }

  /** A depthwise convolution, kernel {@code [size, size, channels, 1]}. */
  static WeightLayer depthwise(String name, int size, int channels) {
    return new WeightLayer(
        name, Kind.DEPTHWISE, List.of(new Array("kernel", Shape.of(size, size, channels, 1))));
  }

  /** A batch normalisation, four arrays {@code [channels]}. */
  static WeightLayer norm(String name, int channels) {
    Shape shape = Shape.of(channels);
    return new WeightLayer(
        name,
        Kind.NORM,
        List.of(
            new Array("gamma", shape),
            new Array("beta", shape),
            new Array("moving_mean", shape),
            new Array("moving_variance", shape)));
  }
}
