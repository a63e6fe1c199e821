package io.pigeonhole.trainer.network;

import io.pigeonhole.trainer.network.Parameter.Role;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TFloating;

/**
 * Parameters that are fed at each evaluation.
 *
 * @param tf the graph
 * @param values by name
 * @param seed of what dropout forgets, two numbers
 * @param training whether anything is forgotten
 */
record FedParameters(
    Ops tf, Map<String, Placeholder<TFloat32>> values, Placeholder<TInt64> seed, boolean training)
    implements Source {

  /** Adds placeholders to a graph. */
  static FedParameters of(Ops tf, List<Parameter> parameters) {
    Map<String, Placeholder<TFloat32>> values = new HashMap<>();
    for (Parameter each : parameters) {
      values.put(each.name(), tf.placeholder(TFloat32.class, Placeholder.shape(each.shape())));
    }
    return new FedParameters(
        tf, values, tf.placeholder(TInt64.class, Placeholder.shape(Shape.of(2))), true);
  }

  /** The same parameters, for rows that forget nothing. */
  FedParameters withoutDropout() {
    return new FedParameters(tf, values, seed, false);
  }

  @Override
  public Operand<TFloat32> get(String row, Role role) {
    return values.get(Parameter.name(row, role));
  }

  @Override
  public <T extends TFloating> Operand<T> normalise(Operand<T> input, String row, Class<T> type) {
    throw new UnsupportedOperationException("a head has no convolutions");
  }

  /** What is forgotten stays the same from evaluation to evaluation: a function to minimise. */
  @Override
  public <T extends TFloating> Operand<T> dropout(
      Operand<T> input, String row, double rate, Class<T> type) {
    if (!training) {
      return input;
    }
    Operand<TInt64> own = tf.math.add(seed, tf.constant(new long[] {row.hashCode(), 0}));
    Operand<TFloat32> drawn =
        tf.random.statelessRandomUniform(tf.shape(input), own, TFloat32.class);
    Operand<T> kept = tf.dtypes.cast(tf.math.greaterEqual(drawn, tf.constant((float) rate)), type);
    Operand<T> scale = tf.dtypes.cast(tf.constant((float) (1 / (1 - rate))), type);
    return tf.math.mul(tf.math.mul(input, kept), scale);
  }
}
