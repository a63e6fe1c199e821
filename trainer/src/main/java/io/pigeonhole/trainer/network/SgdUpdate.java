package io.pigeonhole.trainer.network;

import io.pigeonhole.trainer.network.Variables.Variable;
import io.pigeonhole.trainer.recipe.Optimiser;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.op.train.ResourceApplyMomentum;
import org.tensorflow.types.TFloat32;

/**
 * Steps of {@link Optimiser.Sgd}.
 *
 * @param factor of the schedule on the peak rate
 */
record SgdUpdate(Ops tf, Optimiser.Sgd sgd, Variables variables, Operand<TFloat32> factor)
    implements Update {

  @Override
  public Op step(Variable variable, Operand<TFloat32> gradient) {
    Operand<TFloat32> rate = tf.math.mul(factor, tf.constant((float) sgd.learningRate()));
    VarHandleOp momentum = variables.slot(variable, "momentum");
    return Update.withDecay(
        tf,
        variable,
        rate,
        sgd.weightDecay(),
        ops ->
            ops.train.resourceApplyMomentum(
                variable.handle(),
                momentum,
                rate,
                gradient,
                ops.constant((float) sgd.momentum()),
                ResourceApplyMomentum.useNesterov(true)));
  }
}
