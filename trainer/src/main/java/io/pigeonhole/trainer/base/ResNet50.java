package io.pigeonhole.trainer.base;

import io.pigeonhole.trainer.recipe.BaseGraph;
import java.io.IOException;

/**
 * ResNet-50, the first version (arXiv:1512.03385), layers named as in Keras' application: the
 * stride is in the first convolution of a block, and images are blue, green, red. 2,048 features.
 */
final class ResNet50 implements Architecture {

  private static final double EPSILON = 1.001e-5;
  private static final int SIZE = 224;
  private static final int WIDER = 4;

  private static final int[] BLOCKS = {3, 4, 6, 3};
  private static final int FIRST_STAGE = 2;
  private static final int FIRST_FILTERS = 64;

  @Override
  public BaseGraph build(LayerWeights weights) throws IOException {
    try (InferenceGraph graph = new InferenceGraph(weights, EPSILON)) {
      FeatureMaps maps =
          graph.images(new float[] {123.68f, 116.779f, 103.939f}, new float[] {1, 1, 1});
      Conv stem = Conv.normalised("conv1_conv", "conv1_bn", FIRST_FILTERS).size(7).stride(2);
      maps = graph.padded(graph.reversed(maps), 3);
      maps = graph.relu(graph.conv(maps, stem.withBias().valid()));
      maps = graph.maxPool(graph.padded(maps, 1), 3, 2);
      for (int stage = 0; stage < BLOCKS.length; stage++) {
        for (int i = 1; i <= BLOCKS[stage]; i++) {
          String name = "conv%d_block%d".formatted(stage + FIRST_STAGE, i);
          int stride = stage > 0 && i == 1 ? 2 : 1;
          maps = block(graph, maps, name, FIRST_FILTERS << stage, stride);
        }
      }
      return graph.pooled(maps, SIZE);
    }
  }

  /** The way around comes after the second convolution in Keras' order of layers. */
  private static FeatureMaps block(
      InferenceGraph graph, FeatureMaps in, String name, int filters, int stride)
      throws IOException {
    FeatureMaps maps = graph.relu(graph.conv(in, conv(name + "_1", filters).stride(stride)));
    maps = graph.relu(graph.conv(maps, conv(name + "_2", filters).size(3)));
    FeatureMaps around =
        in.channels() == WIDER * filters
            ? in
            : graph.conv(in, conv(name + "_0", WIDER * filters).stride(stride));
    maps = graph.conv(maps, conv(name + "_3", WIDER * filters));
    return graph.relu(graph.add(around, maps));
  }

  private static Conv conv(String name, int filters) {
    return Conv.normalised(name + "_conv", name + "_bn", filters).withBias();
  }
}
