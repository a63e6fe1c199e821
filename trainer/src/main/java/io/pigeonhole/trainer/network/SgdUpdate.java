package io.pigeonhole.trainer.network;

import io.pigeonhole.trainer.network.Variables.Variable;
import io.pigeonhole.trainer.recipe.Optimiser;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
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
    Op step =
        tf.train.resourceApplyMomentum(
            variable.handle(),
            variables.slot(variable, "momentum"),
            rate,
            gradient,
            tf.constant((float) sgd.momentum()),
            ResourceApplyMomentum.useNesterov(true));
    return Update.decayed(tf, variable, step, rate, sgd.weightDecay());
  }
}
