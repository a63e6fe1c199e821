package io.pigeonhole.trainer.network;

import io.pigeonhole.trainer.network.Parameter.Role;
import io.pigeonhole.trainer.network.Variables.Variable;
import io.pigeonhole.trainer.recipe.Optimiser;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.train.ResourceApplyMomentum;
import org.tensorflow.types.TFloat32;

/**
 * Steps of {@link Optimiser.ScaledSgd}.
 *
 * @param factor of the schedule on the peak rate
 * @param batch images a step
 */
record ScaledSgdUpdate(
    Ops tf, Optimiser.ScaledSgd sgd, Variables variables, Operand<TFloat32> factor, int batch)
    implements Update {

  /** A shift's rate is higher and its decay a rate lower, so that the decay a step is the same. */
  @Override
  public Op step(Variable variable, Operand<TFloat32> gradient) {
    double times = variable.parameter().role() == Role.SHIFT ? sgd.biasRate() : 1;
    float decay = (float) (sgd.decayPerRate() / times);
    float rate = (float) (sgd.stepRate(batch) * times);
    Operand<TFloat32> decayed =
        tf.math.add(gradient, tf.math.mul(variable.value(), tf.constant(decay)));
    return tf.train.resourceApplyMomentum(
        variable.handle(),
        variables.slot(variable, "momentum"),
        tf.math.mul(factor, tf.constant(rate)),
        decayed,
        tf.constant((float) sgd.momentum()),
        ResourceApplyMomentum.useNesterov(true));
  }
}
