package io.pigeonhole.trainer.network;

import io.pigeonhole.trainer.network.Parameter.Role;
import io.pigeonhole.trainer.network.Variables.Variable;
import io.pigeonhole.trainer.recipe.Optimiser;
import io.pigeonhole.trainer.recipe.Recipe;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.op.train.ResourceApplyMomentum;
import org.tensorflow.types.TFloat32;

/** Steps of {@link Optimiser.Sgd}. */
final class SgdUpdate implements Update {

  /** What is left of the slow weights after one step, at the end of the run. */
  private static final double SLOWEST = 0.95;

  private final Ops tf;
  private final Optimiser.Sgd sgd;
  private final Recipe recipe;
  private final Variables variables;
  private final Placeholder<TFloat32> rate;
  private final List<VarHandleOp> momenta = new ArrayList<>();
  private final Placeholder<TFloat32> approach;
  private final List<Op> averaging = new ArrayList<>();
  private final List<Op> firstAverage = new ArrayList<>();

  SgdUpdate(Ops tf, Optimiser.Sgd sgd, Recipe recipe, Variables variables) {
    this.tf = tf;
    this.sgd = sgd;
    this.recipe = recipe;
    this.variables = variables;
    this.rate = tf.withName("rate").placeholder(TFloat32.class);
    this.approach = tf.withName("approach").placeholder(TFloat32.class);
    for (Variable variable : variables.trained()) {
      momenta.add(variables.slot(variable, "momentum"));
      if (sgd.lookahead() > 0) {
        addAveraging(variable, variables.slot(variable, "slow"));
      }
    }
  }

  private void addAveraging(Variable fast, VarHandleOp slow) {
    firstAverage.add(tf.assignVariableOp(slow, fast.value()));
    Operand<TFloat32> old = tf.readVariableOp(slow, TFloat32.class);
    Operand<TFloat32> mixed =
        tf.math.add(old, tf.math.mul(tf.math.sub(fast.value(), old), approach));
    averaging.add(tf.assignVariableOp(slow, mixed));
    averaging.add(tf.assignVariableOp(fast.handle(), mixed));
  }

  @Override
  public List<Op> apply(List<Operand<TFloat32>> gradients) {
    List<Op> ops = new ArrayList<>();
    List<Variable> trained = variables.trained();
    for (int i = 0; i < trained.size(); i++) {
      ops.add(step(trained.get(i), momenta.get(i), gradients.get(i)));
    }
    return ops;
  }

  /** A shift's rate is higher and its decay a rate lower, so that the decay a step is the same. */
  private Op step(Variable variable, VarHandleOp momentum, Operand<TFloat32> gradient) {
    boolean shift = variable.parameter().role() == Role.SHIFT;
    float decay = (float) (sgd.decayPerRate() / (shift ? sgd.biasRate() : 1));
    Operand<TFloat32> decayed =
        tf.math.add(gradient, tf.math.mul(variable.value(), tf.constant(decay)));
    Operand<TFloat32> own = shift ? tf.math.mul(rate, tf.constant((float) sgd.biasRate())) : rate;
    return tf.train.resourceApplyMomentum(
        variable.handle(),
        momentum,
        own,
        decayed,
        tf.constant((float) sgd.momentum()),
        ResourceApplyMomentum.useNesterov(true));
  }

  @Override
  public Placeholder<TFloat32> ratePlaceholder() {
    return rate;
  }

  @Override
  public double rate(double progress) {
    return sgd.stepRate(recipe.batch()) * recipe.schedule().factor(progress);
  }

  @Override
  public void afterStep(Session session, long number, double progress) {
    if (sgd.lookahead() == 0) {
      return;
    }
    if (number == 0) {
      Session.Runner runner = session.runner();
      firstAverage.forEach(runner::addTarget);
      runner.run().close();
    } else if (number % sgd.lookahead() == 0) {
      double kept = Math.pow(SLOWEST, sgd.lookahead()) * Math.pow(progress, 3);
      Session.Runner runner = session.runner();
      averaging.forEach(runner::addTarget);
      try (TFloat32 fed = TFloat32.scalarOf((float) (1 - kept))) {
        runner.feed(approach, fed).run().close();
      }
    }
  }
}
