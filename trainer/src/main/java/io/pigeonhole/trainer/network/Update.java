package io.pigeonhole.trainer.network;

import io.pigeonhole.trainer.network.Parameter.Role;
import io.pigeonhole.trainer.network.Variables.Variable;
import io.pigeonhole.trainer.recipe.Optimiser;
import java.util.List;
import java.util.function.Function;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** How an optimiser changes the variables of a training graph. */
interface Update {

  /**
   * The update of an optimiser.
   *
   * @param factor of the schedule on the peak rate, fed at each step
   * @param batch images a step
   * @param precision of multiplications that may be rounded
   */
  static Update of(
      Ops tf,
      Optimiser optimiser,
      Variables variables,
      Operand<TFloat32> factor,
      int batch,
      Precision precision) {
    if (optimiser instanceof Optimiser.Sgd sgd) {
      return new SgdUpdate(tf, sgd, variables, factor);
    }
    if (optimiser instanceof Optimiser.ScaledSgd sgd) {
      return new ScaledSgdUpdate(tf, sgd, variables, factor, batch);
    }
    if (optimiser instanceof Optimiser.Muon muon) {
      return new MuonUpdate(tf, muon, variables, factor, batch, precision);
    }
    if (optimiser instanceof Optimiser.Adam adam) {
      return new AdamUpdate(tf, adam, variables, factor);
    }
    throw new IllegalArgumentException("no update for " + optimiser);
  }

  /** An operation that makes one step of a variable. */
  Op step(Variable variable, Operand<TFloat32> gradient);

  /** Operations that are to run once a step. */
  default List<Op> once() {
    return List.of();
  }

  /**
   * A step, and after it what decoupled weight decay takes away from a kernel: a part of what it
   * was before the step.
   *
   * @param step makes the step's operation
   */
  static Op withDecay(
      Ops tf,
      Variable variable,
      Operand<TFloat32> rate,
      double weightDecay,
      Function<Ops, Op> step) {
    if (weightDecay == 0 || variable.parameter().role() != Role.KERNEL) {
      return step.apply(tf);
    }
    Operand<TFloat32> part = tf.math.mul(rate, tf.constant((float) weightDecay));
    Operand<TFloat32> taken = tf.math.mul(variable.value(), part);
    Op stepped = step.apply(tf.withControlDependencies(taken));
    return tf.withControlDependencies(stepped).assignSubVariableOp(variable.handle(), taken);
  }
}
