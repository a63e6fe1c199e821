package io.pigeonhole.trainer.base;

import io.pigeonhole.image.Pixels;
import io.pigeonhole.model.ProbeImages;
import io.pigeonhole.trainer.network.Floats;
import io.pigeonhole.trainer.network.Gpus;
import io.pigeonhole.trainer.recipe.BaseGraph;
import java.io.IOException;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/**
 * A convolutional network that is built layer by layer, its weights as constants. Batch
 * normalisation is folded into the convolution before it and a bias, which TensorFlow computes as
 * one operation together with a ReLU. Nothing depends on the sides of the images.
 */
final class InferenceGraph implements AutoCloseable {

  private static final String IMAGES = "images";
  private static final String FEATURES = "features";
  private static final int CHANNELS = 3;

  /** Dimension of the channels. */
  private static final int LAST = -1;

  private final Graph graph = new Graph();
  private final Ops tf = Ops.create(graph);
  private final FoldedWeights weights;

  /**
   * Begins without a layer.
   *
   * @param epsilon that the network's batch normalisations add to variances
   */
  InferenceGraph(LayerWeights weights, double epsilon) {
    this.weights = new FoldedWeights(weights, epsilon);
  }

  /**
   * The images as the network wants them.
   *
   * @param mean that is subtracted from each channel, red, green, blue, 0 to 255
   * @param scale that each channel is multiplied by then
   */
  FeatureMaps images(float[] mean, float[] scale) {
    Placeholder<TUint8> bytes =
        tf.withName(IMAGES)
            .placeholder(TUint8.class, Placeholder.shape(Shape.of(-1, -1, -1, CHANNELS)));
    Operand<TFloat32> values = tf.dtypes.cast(bytes, TFloat32.class);
    return new FeatureMaps(
        tf.math.mul(tf.math.sub(values, tf.constant(mean)), tf.constant(scale)), CHANNELS);
  }

  /** Blue, green, red. */
  FeatureMaps reversed(FeatureMaps rgb) {
    return new FeatureMaps(tf.reverse(rgb.values(), tf.constant(new int[] {LAST})), rgb.channels());
  }

  FeatureMaps conv(FeatureMaps maps, Conv conv) throws IOException {
    FoldedWeights.Folded folded = weights.conv(conv, maps.channels());
    Operand<TFloat32> kernel = kernel(conv.name(), folded);
    List<Long> strides = List.of(1L, (long) conv.stride(), (long) conv.stride(), 1L);
    Operand<TFloat32> sums =
        tf.withName(conv.name()).nn.conv2d(maps.values(), kernel, strides, conv.padding());
    return new FeatureMaps(biased(conv.name(), sums, folded), conv.filters());
  }

  /** A depthwise convolution with batch normalisation, padded so that sides are only divided. */
  FeatureMaps depthwise(FeatureMaps maps, String name, String norm, int size, int stride)
      throws IOException {
    FoldedWeights.Folded folded = weights.depthwise(name, norm, size, maps.channels());
    Operand<TFloat32> kernel = kernel(name, folded);
    List<Long> strides = List.of(1L, (long) stride, (long) stride, 1L);
    Operand<TFloat32> sums =
        tf.withName(name).nn.depthwiseConv2dNative(maps.values(), kernel, strides, "SAME");
    return new FeatureMaps(biased(name, sums, folded), maps.channels());
  }

  private Operand<TFloat32> kernel(String name, FoldedWeights.Folded folded) {
    return tf.withName(name + "_kernel")
        .constant(folded.shape(), DataBuffers.of(folded.kernel(), true, false));
  }

  private Operand<TFloat32> biased(
      String name, Operand<TFloat32> sums, FoldedWeights.Folded folded) {
    Operand<TFloat32> bias = tf.withName(name + "_bias").constant(folded.bias());
    return tf.withName(name + "_biased").nn.biasAdd(sums, bias);
  }

  FeatureMaps relu(FeatureMaps maps) {
    return new FeatureMaps(tf.nn.relu(maps.values()), maps.channels());
  }

  FeatureMaps relu6(FeatureMaps maps) {
    return new FeatureMaps(tf.nn.relu6(maps.values()), maps.channels());
  }

  /** {@code x · sigmoid(x)} (arXiv:1710.05941). */
  FeatureMaps swish(FeatureMaps maps) {
    return new FeatureMaps(
        tf.math.mul(maps.values(), tf.math.sigmoid(maps.values())), maps.channels());
  }

  FeatureMaps add(FeatureMaps maps, FeatureMaps others) {
    return new FeatureMaps(tf.math.add(maps.values(), others.values()), maps.channels());
  }

  /**
   * Channels are weighed by what is in all of the image: squeeze and excitation (arXiv:1709.01507).
   */
  FeatureMaps squeezeExcite(FeatureMaps maps, Conv reduce, Conv expand) throws IOException {
    FeatureMaps squeezed = new FeatureMaps(mean(maps, true), maps.channels());
    FeatureMaps excited = conv(swish(conv(squeezed, reduce)), expand);
    return new FeatureMaps(
        tf.math.mul(maps.values(), tf.math.sigmoid(excited.values())), maps.channels());
  }

  /** Zeros around the maps. */
  FeatureMaps padded(FeatureMaps maps, int border) {
    int[][] borders = {{0, 0}, {border, border}, {border, border}, {0, 0}};
    return new FeatureMaps(
        tf.pad(maps.values(), tf.constant(borders), tf.constant(0f)), maps.channels());
  }

  /** The first version of the operation: the newer one has no fast kernel. */
  FeatureMaps maxPool(FeatureMaps maps, int size, int stride) {
    Operand<TFloat32> pooled =
        tf.scope()
            .opBuilder("MaxPool", "MaxPool")
            .addInput(maps.values().asOutput())
            .setAttr("ksize", new long[] {1, size, size, 1})
            .setAttr("strides", new long[] {1, stride, stride, 1})
            .setAttr("padding", "VALID")
            .setAttr("data_format", "NHWC")
            .build()
            .<TFloat32>output(0);
    return new FeatureMaps(pooled, maps.channels());
  }

  private Operand<TFloat32> mean(FeatureMaps maps, boolean keepSides) {
    return tf.math.mean(maps.values(), tf.constant(new int[] {1, 2}), Mean.keepDims(keepSides));
  }

  /**
   * Ends with the mean of each channel over the image.
   *
   * @param size side of the images that the network is meant for
   * @throws IOException if there are weights left, or if the features of a drawn image are not
   *     finite
   */
  BaseGraph pooled(FeatureMaps maps, int size) throws IOException {
    weights.end();
    tf.withName(FEATURES).identity(mean(maps, false));
    requireFinite(size);
    return new BaseGraph(graph.toGraphDef(), IMAGES, FEATURES, size, maps.channels());
  }

  private void requireFinite(int size) throws IOException {
    Pixels drawn = ProbeImages.of(size, size).get(0);
    Shape shape = Shape.of(1, size, size, CHANNELS);
    try (Session session = new Session(graph, Gpus.none());
        TUint8 fed = TUint8.tensorOf(shape, DataBuffers.of(drawn.rgb()));
        Result result = session.runner().feed(IMAGES, fed).fetch(FEATURES).run()) {
      for (float feature : Floats.of(result, 0)) {
        if (!Float.isFinite(feature)) {
          throw new InvalidWeightsException(
              "%s: expected finite features of an image, found %s"
                  .formatted(weights.origin(), feature));
        }
      }
    }
  }

  @Override
  public void close() {
    graph.close();
  }
}
