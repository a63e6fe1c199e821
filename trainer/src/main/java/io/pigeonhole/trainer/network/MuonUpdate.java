package io.pigeonhole.trainer.network;

import io.pigeonhole.trainer.network.Variables.Variable;
import io.pigeonhole.trainer.recipe.Optimiser;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/** Steps of {@link Optimiser.Muon}. */
final class MuonUpdate implements Update {

  /** Of the polynomial that pulls all singular values towards 1; the middle matters little. */
  private static final float A = 3.4445f;

  private static final float B = -4.7750f;
  private static final float C = 2.0315f;
  private static final int ITERATIONS = 3;
  private static final float TINY = 1e-7f;
  private static final int KERNEL_DIMENSIONS = 4;

  private final Ops tf;
  private final Optimiser.Muon muon;
  private final Variables variables;
  private final Operand<TFloat32> factor;
  private final Class<? extends TFloating> type;
  private final ScaledSgdUpdate rest;

  MuonUpdate(
      Ops tf,
      Optimiser.Muon muon,
      Variables variables,
      Operand<TFloat32> factor,
      int batch,
      Precision precision) {
    this.tf = tf;
    this.muon = muon;
    this.variables = variables;
    this.factor = factor;
    this.type = precision.type();
    this.rest = new ScaledSgdUpdate(tf, muon.rest(), variables, factor, batch);
  }

  @Override
  public Op step(Variable variable, Operand<TFloat32> gradient) {
    Shape shape = variable.parameter().shape();
    if (shape.numDimensions() != KERNEL_DIMENSIONS) {
      return rest.step(variable, gradient);
    }
    VarHandleOp momentum = variables.slot(variable, "momentum");
    Operand<TFloat32> part = tf.constant((float) muon.momentum());
    Operand<TFloat32> gathered =
        tf.math.add(tf.math.mul(tf.readVariableOp(momentum, TFloat32.class), part), gradient);
    Operand<TFloat32> ahead = tf.math.add(gradient, tf.math.mul(gathered, part));
    Operand<TFloat32> rate = tf.math.mul(factor, tf.constant((float) muon.learningRate()));
    Operand<TFloat32> stepped =
        tf.math.sub(
            unitFilters(variable.value(), shape.get(3)),
            tf.math.mul(orthogonal(tf, ahead, shape, type), rate));
    return tf.withControlDependencies(tf.assignVariableOp(momentum, gathered))
        .assignVariableOp(variable.handle(), stepped);
  }

  /** Scaled so that a filter's mean square norm is 1. */
  private Operand<TFloat32> unitFilters(Operand<TFloat32> kernel, long filters) {
    Operand<TFloat32> scale = tf.constant((float) Math.sqrt((double) filters));
    return tf.math.mul(kernel, tf.math.div(scale, norm(tf, kernel)));
  }

  private static Operand<TFloat32> norm(Ops tf, Operand<TFloat32> values) {
    Operand<TFloat32> flat = tf.reshape(values, tf.constant(new int[] {-1}));
    return tf.math.add(
        tf.math.sqrt(tf.sum(tf.math.square(flat), tf.constant(0))), tf.constant(TINY));
  }

  /**
   * Nearly the orthogonal matrix next to {@code [height·width·in, out]} (Newton-Schulz).
   *
   * @param type precision of the multiplications: what is nearly right may be rounded
   */
  static <T extends TFloating> Operand<TFloat32> orthogonal(
      Ops tf, Operand<TFloat32> kernel, Shape shape, Class<T> type) {
    int out = (int) shape.get(3);
    int in = (int) (shape.size() / out);
    Operand<TFloat32> matrix = tf.reshape(kernel, tf.constant(new int[] {in, out}));
    Operand<T> x = tf.dtypes.cast(tf.math.div(matrix, norm(tf, matrix)), type);
    for (int i = 0; i < ITERATIONS; i++) {
      Operand<T> square =
          in < out
              ? tf.linalg.matMul(x, x, MatMul.transposeB(true))
              : tf.linalg.matMul(x, x, MatMul.transposeA(true));
      Operand<T> polynomial =
          tf.math.add(
              times(tf, square, B, type), times(tf, tf.linalg.matMul(square, square), C, type));
      Operand<T> turned =
          in < out ? tf.linalg.matMul(polynomial, x) : tf.linalg.matMul(x, polynomial);
      x = tf.math.add(times(tf, x, A, type), turned);
    }
    return tf.reshape(tf.dtypes.cast(x, TFloat32.class), tf.constant(shape));
  }

  private static <T extends TFloating> Operand<T> times(
      Ops tf, Operand<T> values, float factor, Class<T> type) {
    return tf.math.mul(values, tf.dtypes.cast(tf.constant(factor), type));
  }
}
