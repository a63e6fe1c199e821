package io.pigeonhole.trainer.training;

import io.pigeonhole.trainer.recipe.Recipe;

/**
 * The loss became infinite, undefined or absurdly large, or a weight infinite or undefined: going
 * on cannot mend it.
 */
public final class DivergedException extends Exception {

  private DivergedException(String what, Recipe recipe) {
    super(
        "training diverged: %s; lower the learning-rate of recipe '%s', now %s"
            .formatted(what, recipe.name(), recipe.optimiser().learningRate()));
  }

  static DivergedException byLoss(Recipe recipe, long step, double loss) {
    return new DivergedException("the loss at step %d is %s".formatted(step, loss), recipe);
  }

  static DivergedException byWeights(Recipe recipe, long step) {
    return new DivergedException(
        "after step %d some weights are infinite or no numbers".formatted(step), recipe);
  }
}
