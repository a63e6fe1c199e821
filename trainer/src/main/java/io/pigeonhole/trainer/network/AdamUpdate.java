package io.pigeonhole.trainer.network;

import io.pigeonhole.trainer.network.Variables.Variable;
import io.pigeonhole.trainer.recipe.Optimiser;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;

/** Steps of {@link Optimiser.Adam}. */
final class AdamUpdate implements Update {

  private final Ops tf;
  private final Optimiser.Adam adam;
  private final Variables variables;
  private final Operand<TFloat32> rate;
  private final Operand<TFloat32> beta1;
  private final Operand<TFloat32> beta2;
  private final Operand<TFloat32> epsilon;
  private final VarHandleOp power1;
  private final VarHandleOp power2;
  private final Operand<TFloat32> power1Now;
  private final Operand<TFloat32> power2Now;

  AdamUpdate(Ops tf, Optimiser.Adam adam, Variables variables, Operand<TFloat32> factor) {
    this.tf = tf;
    this.adam = adam;
    this.variables = variables;
    this.rate = tf.math.mul(factor, tf.constant((float) adam.learningRate()));
    this.beta1 = tf.constant((float) adam.beta1());
    this.beta2 = tf.constant((float) adam.beta2());
    this.epsilon = tf.constant((float) adam.epsilon());
    this.power1 = variables.scalar("adam_power1", (float) adam.beta1());
    this.power2 = variables.scalar("adam_power2", (float) adam.beta2());
    this.power1Now = tf.readVariableOp(power1, TFloat32.class);
    this.power2Now = tf.readVariableOp(power2, TFloat32.class);
  }

  @Override
  public Op step(Variable variable, Operand<TFloat32> gradient) {
    VarHandleOp mean = variables.slot(variable, "adam_mean");
    VarHandleOp square = variables.slot(variable, "adam_square");
    return Update.withDecay(
        tf,
        variable,
        rate,
        adam.weightDecay(),
        ops ->
            ops.train.resourceApplyAdam(
                variable.handle(),
                mean,
                square,
                power1Now,
                power2Now,
                rate,
                beta1,
                beta2,
                epsilon,
                gradient));
  }

  @Override
  public List<Op> once() {
    return List.of(
        tf.assignVariableOp(power1, tf.math.mul(power1Now, beta1)),
        tf.assignVariableOp(power2, tf.math.mul(power2Now, beta2)));
  }
}
