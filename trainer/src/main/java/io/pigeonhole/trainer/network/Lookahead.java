package io.pigeonhole.trainer.network;

import io.pigeonhole.trainer.network.Variables.Variable;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;

/**
 * Slow weights that follow the fast ones, and pull them back every few steps (M. Zhang et al.,
 * arXiv:1907.08610). They follow ever more slowly as the run goes on.
 */
final class Lookahead {

  /** What is left of the slow weights after one step, at the end of the run. */
  private static final double SLOWEST = 0.95;

  private final int every;
  private final Placeholder<TFloat32> approach;
  private final List<Op> averaging = new ArrayList<>();
  private final List<Op> start = new ArrayList<>();

  /**
   * Adds the slow weights to a graph.
   *
   * @param every how many steps the fast weights go on alone
   */
  Lookahead(Ops tf, Variables variables, int every) {
    this.every = every;
    this.approach = tf.placeholder(TFloat32.class);
    for (Variable fast : variables.trained()) {
      VarHandleOp slow = variables.slot(fast, "slow");
      Operand<TFloat32> old = tf.readVariableOp(slow, TFloat32.class);
      Operand<TFloat32> mixed =
          tf.math.add(old, tf.math.mul(tf.math.sub(fast.value(), old), approach));
      start.add(tf.assignVariableOp(slow, fast.value()));
      averaging.add(tf.assignVariableOp(slow, mixed));
      averaging.add(tf.assignVariableOp(fast.handle(), mixed));
    }
  }

  /**
   * What is due after a step.
   *
   * @param number of the step, from 0
   * @param progress part of the run that is done, 0 to 1
   */
  void afterStep(Session session, long number, double progress) {
    Session.Runner runner = session.runner();
    if (number == 0) {
      start.forEach(runner::addTarget);
      runner.run().close();
    } else if (number % every == 0) {
      double kept = Math.pow(SLOWEST, every) * Math.pow(progress, 3);
      averaging.forEach(runner::addTarget);
      try (TFloat32 fed = TFloat32.scalarOf((float) (1 - kept))) {
        runner.feed(approach, fed).run().close();
      }
    }
  }
}
