package io.pigeonhole.trainer.training;

import io.pigeonhole.trainer.recipe.Recipe;
import java.util.List;

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

  private DivergedException(String message) {
    super(message);
  }

  /** No head can be fitted to features: they are too alike for what large kernels cost. */
  public static DivergedException ofHead(List<Double> l2) {
    return new DivergedException(
        "no head was found for transfer.l2 %s: its kernel is infinite or no numbers; larger ones help"
            .formatted(l2));
  }

  static DivergedException byLoss(Recipe recipe, long step, double loss) {
    return new DivergedException("the loss at step %d is %s".formatted(step, loss), recipe);
  }

  static DivergedException byWeights(Recipe recipe, long step) {
    return new DivergedException(
        "after step %d some weights are infinite or no numbers".formatted(step), recipe);
  }
}
