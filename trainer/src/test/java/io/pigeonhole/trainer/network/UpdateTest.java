package io.pigeonhole.trainer.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pigeonhole.trainer.network.Parameter.Role;
import io.pigeonhole.trainer.network.Variables.Variable;
import io.pigeonhole.trainer.recipe.Optimiser;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/**
 * A kernel and a bias of one number each, 1 and 2 at first, whose gradients are 0.5, then -0.25.
 */
class UpdateTest {

  private static final float[] GRADIENTS = {0.5f, -0.25f};

  /** The kernel and the bias after two steps. */
  private static double[] afterTwoSteps(Optimiser optimiser, int batch) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Variables variables =
          new Variables(
              tf,
              List.of(
                  new Parameter("row", Role.KERNEL, Shape.of(1, 1)),
                  new Parameter("row", Role.BIAS, Shape.of(1))),
              true);
      Placeholder<TFloat32> factor = tf.placeholder(TFloat32.class);
      Placeholder<TFloat32> gradient = tf.placeholder(TFloat32.class);
      Update update = Update.of(tf, optimiser, variables, factor, batch, Precision.FLOAT32);
      List<Op> steps = new ArrayList<>();
      for (Variable variable : variables.trained()) {
        Operand<TFloat32> shaped = tf.reshape(gradient, tf.constant(variable.parameter().shape()));
        steps.add(update.step(variable, shaped));
      }
      steps.addAll(update.once());
      try (Session session = new Session(graph)) {
        Weights first = new Weights();
        first.put("row_kernel", new float[] {1});
        first.put("row_bias", new float[] {2});
        variables.start(session, first);
        for (float each : GRADIENTS) {
          Session.Runner runner = session.runner();
          steps.forEach(runner::addTarget);
          try (TFloat32 fed = TFloat32.scalarOf(each);
              TFloat32 one = TFloat32.scalarOf(1)) {
            runner.feed(gradient, fed).feed(factor, one).run().close();
          }
        }
        Weights last = variables.read(session);
        return new double[] {last.get("row_kernel")[0], last.get("row_bias")[0]};
      }
    }
  }

  @Test
  void stepsWithNesterovMomentum() {
    // v = 0.5, step 0.1·(0.5 + 0.9·0.5); then v = 0.2, step 0.1·(-0.25 + 0.9·0.2)
    double[] found = afterTwoSteps(new Optimiser.Sgd(0.1, 0.9, 0), 32);
    assertThat(found[0]).isCloseTo(1 - 0.095 + 0.007, within(1e-6));
    assertThat(found[1]).isCloseTo(2 - 0.095 + 0.007, within(1e-6));
  }

  @Test
  void takesDecoupledDecayFromKernelsOnly() {
    // each step takes 0.1·0.5 of what the kernel was before it
    double[] found = afterTwoSteps(new Optimiser.Sgd(0.1, 0.9, 0.5), 32);
    double first = 1 - 0.095 - 0.05;
    assertThat(found[0]).isCloseTo(first + 0.007 - 0.05 * first, within(1e-6));
    assertThat(found[1]).isCloseTo(1.912, within(1e-6));
  }

  @Test
  void stepsLikeAdam() {
    // m = 0.05, v = 0.00025; then m = 0.02, v = 0.00031225; both divided by 1 - beta^t
    double second = 0.1 * (0.02 / 0.19) / (Math.sqrt(0.00031225 / 0.001999) + 1e-7);
    double[] found = afterTwoSteps(new Optimiser.Adam(0.1), 32);
    assertThat(found[0]).isCloseTo(1 - 0.1 - second, within(1e-5));
    assertThat(found[1]).isCloseTo(2 - 0.1 - second, within(1e-5));
  }

  @Test
  void stepsLikeAdamW() {
    double second = 0.1 * (0.02 / 0.19) / (Math.sqrt(0.00031225 / 0.001999) + 1e-7);
    double[] found = afterTwoSteps(new Optimiser.Adam(0.1, 0.9, 0.999, 1e-7, 0.5), 32);
    double first = 1 - 0.1 - 0.05;
    assertThat(found[0]).isCloseTo(first - second - 0.05 * first, within(1e-5));
    assertThat(found[1]).isCloseTo(2 - 0.1 - second, within(1e-5));
  }

  @Test
  void scalesTheRateByTheBatch() {
    // 1,024 images: 0.4 / (1 + 1 / (1 - 0.5)) a step, with the decay 0.3 / 0.4 in the gradient
    double rate = 0.4 / 3;
    double[] found = afterTwoSteps(new Optimiser.ScaledSgd(0.4, 0.5, 0.3, 64), 1024);
    double g = 0.5 + 0.75;
    double first = 1 - rate * 1.5 * g;
    double h = -0.25 + 0.75 * first;
    double v = 0.5 * g + h;
    assertThat(found[0]).isCloseTo(first - rate * (h + 0.5 * v), within(1e-6));
  }

  @Test
  void leavesBiasesToTheRestOfMuon() {
    Optimiser.ScaledSgd rest = new Optimiser.ScaledSgd(0.4, 0.5, 0.3, 64);
    assertThat(afterTwoSteps(new Optimiser.Muon(0.1, 0.6, rest), 1024))
        .isEqualTo(afterTwoSteps(rest, 1024));
  }
}
