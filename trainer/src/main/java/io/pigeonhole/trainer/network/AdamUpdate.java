package io.pigeonhole.trainer.network;

import io.pigeonhole.trainer.network.Variables.Variable;
import io.pigeonhole.trainer.recipe.Optimiser;
import io.pigeonhole.trainer.recipe.Recipe;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;

/** Steps of {@link Optimiser.Adam}. */
final class AdamUpdate implements Update {

  private static final float BETA1 = 0.9f;
  private static final float BETA2 = 0.999f;
  private static final float EPSILON = 1e-7f;

  private final Ops tf;
  private final Optimiser.Adam adam;
  private final Recipe recipe;
  private final Variables variables;
  private final Placeholder<TFloat32> rate;
  private final VarHandleOp power1;
  private final VarHandleOp power2;
  private final List<VarHandleOp> means = new ArrayList<>();
  private final List<VarHandleOp> squares = new ArrayList<>();

  AdamUpdate(Ops tf, Optimiser.Adam adam, Recipe recipe, Variables variables) {
    this.tf = tf;
    this.adam = adam;
    this.recipe = recipe;
    this.variables = variables;
    this.rate = tf.withName("rate").placeholder(TFloat32.class);
    this.power1 = variables.scalar("adam_power1", BETA1);
    this.power2 = variables.scalar("adam_power2", BETA2);
    for (Variable variable : variables.trained()) {
      means.add(variables.slot(variable, "adam_mean"));
      squares.add(variables.slot(variable, "adam_square"));
    }
  }

  @Override
  public List<Op> apply(List<Operand<TFloat32>> gradients) {
    Operand<TFloat32> beta1 = tf.constant(BETA1);
    Operand<TFloat32> beta2 = tf.constant(BETA2);
    Operand<TFloat32> now1 = tf.readVariableOp(power1, TFloat32.class);
    Operand<TFloat32> now2 = tf.readVariableOp(power2, TFloat32.class);
    List<Op> ops = new ArrayList<>();
    List<Variable> trained = variables.trained();
    for (int i = 0; i < trained.size(); i++) {
      ops.add(
          tf.train.resourceApplyAdam(
              trained.get(i).handle(),
              means.get(i),
              squares.get(i),
              now1,
              now2,
              rate,
              beta1,
              beta2,
              tf.constant(EPSILON),
              gradients.get(i)));
    }
    ops.add(tf.assignVariableOp(power1, tf.math.mul(now1, beta1)));
    ops.add(tf.assignVariableOp(power2, tf.math.mul(now2, beta2)));
    return ops;
  }

  @Override
  public Placeholder<TFloat32> ratePlaceholder() {
    return rate;
  }

  @Override
  public double rate(double progress) {
    return adam.learningRate() * recipe.schedule().factor(progress);
  }
}
