package io.pigeonhole.trainer.base;

import io.pigeonhole.trainer.recipe.BaseGraph;
import java.io.IOException;

/** How a network computes, apart from its weights. */
interface Architecture {

  /**
   * Builds the network around its weights.
   *
   * @throws IOException if they are not this network's; the message says where and why
   */
  BaseGraph build(LayerWeights weights) throws IOException;
}
