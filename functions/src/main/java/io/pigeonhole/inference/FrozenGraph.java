package io.pigeonhole.inference;

import org.tensorflow.proto.GraphOptions;
import org.tensorflow.proto.RewriterConfig;

/** How TensorFlow is to run graphs that never change. */
final class FrozenGraph {
  private FrozenGraph() {}

  /**
   * Options for a session that runs its graph as it is. TensorFlow's graph optimiser, Grappler,
   * would take 0.15 s of processor time before a first run, and make later ones hardly faster.
   */
  static GraphOptions options() {
    return GraphOptions.newBuilder()
        .setRewriteOptions(RewriterConfig.newBuilder().setDisableMetaOptimizer(true))
        .build();
  }
}
