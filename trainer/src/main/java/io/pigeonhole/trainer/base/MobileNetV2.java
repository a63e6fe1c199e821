package io.pigeonhole.trainer.base;

import io.pigeonhole.trainer.recipe.BaseGraph;
import java.io.IOException;

/**
 * MobileNetV2 with width 1.0 (arXiv:1801.04381), layers named as in Keras' application: bottlenecks
 * that are wide inside, where each channel is convolved alone. 1,280 features.
 */
final class MobileNetV2 implements Architecture {

  private static final double EPSILON = 1e-3;
  private static final int SIZE = 224;
  private static final int EXPANSION = 6;
  private static final int KERNEL = 3;

  /**
   * Blocks in a row, of which the first may divide the sides.
   *
   * @param filters that come out of each
   */
  private record Stage(int blocks, int filters, int stride) {}

  private static final Stage[] STAGES = {
    new Stage(1, 16, 1),
    new Stage(2, 24, 2),
    new Stage(3, 32, 2),
    new Stage(4, 64, 2),
    new Stage(3, 96, 1),
    new Stage(3, 160, 2),
    new Stage(1, 320, 1)
  };

  @Override
  public BaseGraph build(LayerWeights weights) throws IOException {
    try (InferenceGraph graph = new InferenceGraph(weights, EPSILON)) {
      float[] half = {127.5f, 127.5f, 127.5f};
      FeatureMaps maps = graph.images(half, new float[] {1 / 127.5f, 1 / 127.5f, 1 / 127.5f});
      Conv stem = Conv.normalised("Conv1", "bn_Conv1", 32).size(KERNEL).stride(2);
      maps = graph.relu6(graph.conv(maps, stem));
      int number = 0;
      for (Stage stage : STAGES) {
        for (int i = 0; i < stage.blocks(); i++, number++) {
          maps = block(graph, maps, number, stage.filters(), i == 0 ? stage.stride() : 1);
        }
      }
      Conv last = Conv.normalised("Conv_1", "Conv_1_bn", 1280);
      return graph.pooled(graph.relu6(graph.conv(maps, last)), SIZE);
    }
  }

  private static FeatureMaps block(
      InferenceGraph graph, FeatureMaps in, int number, int filters, int stride)
      throws IOException {
    String prefix = number == 0 ? "expanded_conv_" : "block_" + number + "_";
    FeatureMaps maps = in;
    if (number > 0) {
      Conv expand =
          Conv.normalised(prefix + "expand", prefix + "expand_BN", EXPANSION * in.channels());
      maps = graph.relu6(graph.conv(maps, expand));
    }
    maps =
        graph.relu6(
            graph.depthwise(maps, prefix + "depthwise", prefix + "depthwise_BN", KERNEL, stride));
    maps = graph.conv(maps, Conv.normalised(prefix + "project", prefix + "project_BN", filters));
    return stride == 1 && in.channels() == filters ? graph.add(in, maps) : maps;
  }
}
