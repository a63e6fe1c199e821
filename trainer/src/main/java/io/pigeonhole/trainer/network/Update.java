package io.pigeonhole.trainer.network;

import io.pigeonhole.trainer.recipe.Optimiser;
import io.pigeonhole.trainer.recipe.Recipe;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** How an optimiser changes the variables of a training graph. */
interface Update {

  /** The update of a recipe's optimiser. */
  static Update of(Ops tf, Recipe recipe, Variables variables) {
    if (recipe.optimiser() instanceof Optimiser.Sgd sgd) {
      return new SgdUpdate(tf, sgd, recipe, variables);
    }
    if (recipe.optimiser() instanceof Optimiser.Adam adam) {
      return new AdamUpdate(tf, adam, recipe, variables);
    }
    throw new IllegalArgumentException("no update for " + recipe.optimiser());
  }

  /** Operations that make one step, given the gradients of the trained variables in their order. */
  List<Op> apply(List<Operand<TFloat32>> gradients);

  /** Where the rate of a step is fed. */
  Placeholder<TFloat32> ratePlaceholder();

  /** Rate of the step at a point of the run, {@code progress} from 0 to 1. */
  double rate(double progress);

  /** What is to be done once a step is complete. */
  default void afterStep(Session session, long number, double progress) {}
}
