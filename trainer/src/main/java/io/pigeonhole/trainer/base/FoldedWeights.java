package io.pigeonhole.trainer.base;

import java.io.IOException;
import java.util.List;
import org.tensorflow.ndarray.Shape;

/** Weights of convolutions with the batch normalisation after them folded in. */
final class FoldedWeights {

  private final LayerWeights weights;
  private final double epsilon;

  /**
   * Folds weights as they are asked for.
   *
   * @param epsilon that batch normalisation adds to variances
   */
  FoldedWeights(LayerWeights weights, double epsilon) {
    this.weights = weights;
    this.epsilon = epsilon;
  }

  /** A kernel in row-major order, and a bias for each filter. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  record Folded(Shape shape, float[] kernel, float[] bias) {}

  /** Those of a convolution of so many channels. */
  Folded conv(Conv conv, int channels) throws IOException {
    WeightLayer layer =
        WeightLayer.conv(conv.name(), conv.size(), channels, conv.filters(), conv.bias());
    List<float[]> arrays = weights.next(layer);
    float[] bias = conv.bias() ? arrays.get(1) : new float[conv.filters()];
    Folded plain = new Folded(layer.arrays().get(0).shape(), arrays.get(0), bias);
    return conv.norm().isPresent() ? folded(plain, conv.norm().get()) : plain;
  }

  /** Those of a depthwise convolution. */
  Folded depthwise(String name, String norm, int size, int channels) throws IOException {
    WeightLayer layer = WeightLayer.depthwise(name, size, channels);
    float[] kernel = weights.next(layer).get(0);
    return folded(new Folded(layer.arrays().get(0).shape(), kernel, new float[channels]), norm);
  }

  /** The filter of a number is its index modulo the filters, in both sorts of kernels. */
  private Folded folded(Folded plain, String norm) throws IOException {
    int filters = plain.bias().length;
    List<float[]> arrays = weights.next(WeightLayer.norm(norm, filters));
    float[] gamma = arrays.get(0);
    float[] beta = arrays.get(1);
    float[] mean = arrays.get(2);
    float[] variance = arrays.get(3);
    double[] scales = new double[filters];
    float[] bias = new float[filters];
    for (int i = 0; i < filters; i++) {
      if (variance[i] < 0) {
        throw wrong(norm, "variances of at least 0", variance[i]);
      }
      scales[i] = gamma[i] / Math.sqrt(variance[i] + epsilon);
      bias[i] = finite(norm, beta[i] + (plain.bias()[i] - mean[i]) * scales[i]);
    }
    float[] kernel = new float[plain.kernel().length];
    for (int i = 0; i < kernel.length; i++) {
      kernel[i] = finite(norm, plain.kernel()[i] * scales[i % filters]);
    }
    return new Folded(plain.shape(), kernel, bias);
  }

  private float finite(String norm, double folded) throws InvalidWeightsException {
    if (!Float.isFinite((float) folded)) {
      throw wrong(norm, "numbers that float32 can hold when they are folded", folded);
    }
    return (float) folded;
  }

  private InvalidWeightsException wrong(String layer, String expected, double found) {
    return new InvalidWeightsException(
        "%s: layer %s: expected %s, found %s".formatted(weights.origin(), layer, expected, found));
  }

  /** Where they come from, for messages. */
  String origin() {
    return weights.origin();
  }

  /** Says that there are no more layers. */
  void end() throws IOException {
    weights.end();
  }
}
