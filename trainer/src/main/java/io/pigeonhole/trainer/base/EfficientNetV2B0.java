package io.pigeonhole.trainer.base;

import io.pigeonhole.trainer.recipe.BaseGraph;
import java.io.IOException;

/**
 * EfficientNetV2-B0 (arXiv:2104.00298), layers named as in Keras' application: wide blocks of whole
 * convolutions first, then of depthwise ones with squeeze and excitation. 1,280 features.
 */
final class EfficientNetV2B0 implements Architecture {

  private static final double EPSILON = 1e-3;
  private static final int SIZE = 224;
  private static final int KERNEL = 3;

  /** Squeezed are the channels of a block's input to a fourth. */
  private static final int SQUEEZE = 4;

  /**
   * Blocks in a row, of which the first may divide the sides.
   *
   * @param filters that come out of each
   * @param expansion how many times more channels there are inside
   * @param fused whether expansion and depthwise convolution are one whole convolution
   */
  private record Stage(int blocks, int filters, int expansion, int stride, boolean fused) {}

  private static final Stage[] STAGES = {
    new Stage(1, 16, 1, 1, true),
    new Stage(2, 32, 4, 2, true),
    new Stage(2, 48, 4, 2, true),
    new Stage(3, 96, 4, 2, false),
    new Stage(5, 112, 6, 1, false),
    new Stage(8, 192, 6, 2, false)
  };

  @Override
  public BaseGraph build(LayerWeights weights) throws IOException {
    try (InferenceGraph graph = new InferenceGraph(weights, EPSILON)) {
      FeatureMaps maps =
          graph.images(
              new float[] {255 * 0.485f, 255 * 0.456f, 255 * 0.406f},
              new float[] {1 / (255 * 0.229f), 1 / (255 * 0.224f), 1 / (255 * 0.225f)});
      Conv stem = Conv.normalised("stem_conv", "stem_bn", 32).size(KERNEL).stride(2);
      maps = graph.swish(graph.conv(maps, stem));
      for (int i = 0; i < STAGES.length; i++) {
        for (int j = 0; j < STAGES[i].blocks(); j++) {
          String prefix = "block%d%c_".formatted(i + 1, 'a' + j);
          maps = block(graph, maps, prefix, STAGES[i], j == 0 ? STAGES[i].stride() : 1);
        }
      }
      Conv last = Conv.normalised("top_conv", "top_bn", 1280);
      return graph.pooled(graph.swish(graph.conv(maps, last)), SIZE);
    }
  }

  private static FeatureMaps block(
      InferenceGraph graph, FeatureMaps in, String prefix, Stage stage, int stride)
      throws IOException {
    FeatureMaps maps =
        stage.fused()
            ? fused(graph, in, prefix, stage, stride)
            : depthwise(graph, in, prefix, stage, stride);
    return stride == 1 && in.channels() == stage.filters() ? graph.add(maps, in) : maps;
  }

  private static FeatureMaps fused(
      InferenceGraph graph, FeatureMaps in, String prefix, Stage stage, int stride)
      throws IOException {
    Conv project = project(prefix, stage);
    if (stage.expansion() == 1) {
      return graph.swish(graph.conv(in, project.size(KERNEL).stride(stride)));
    }
    Conv expand = expand(prefix, in, stage).size(KERNEL).stride(stride);
    return graph.conv(graph.swish(graph.conv(in, expand)), project);
  }

  private static FeatureMaps depthwise(
      InferenceGraph graph, FeatureMaps in, String prefix, Stage stage, int stride)
      throws IOException {
    FeatureMaps maps = graph.swish(graph.conv(in, expand(prefix, in, stage)));
    maps = graph.swish(graph.depthwise(maps, prefix + "dwconv2", prefix + "bn", KERNEL, stride));
    Conv reduce = Conv.biased(prefix + "se_reduce", in.channels() / SQUEEZE);
    Conv excite = Conv.biased(prefix + "se_expand", maps.channels());
    maps = graph.squeezeExcite(maps, reduce, excite);
    return graph.conv(maps, project(prefix, stage));
  }

  private static Conv expand(String prefix, FeatureMaps in, Stage stage) {
    return Conv.normalised(
        prefix + "expand_conv", prefix + "expand_bn", stage.expansion() * in.channels());
  }

  private static Conv project(String prefix, Stage stage) {
    return Conv.normalised(prefix + "project_conv", prefix + "project_bn", stage.filters());
  }
}
