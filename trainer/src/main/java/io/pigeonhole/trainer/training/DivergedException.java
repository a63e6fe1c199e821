package io.pigeonhole.trainer.training;

import io.pigeonhole.trainer.recipe.Recipe;

/** The loss became infinite, undefined or absurdly large: going on cannot mend it. */
public final class DivergedException extends Exception {

  DivergedException(Recipe recipe, long step, double loss) {
    super(
        "training diverged: the loss at step %d is %s; lower the learning-rate of recipe '%s', now %s"
            .formatted(step, loss, recipe.name(), recipe.optimiser().learningRate()));
  }
}
