package io.pigeonhole.trainer.network;

import java.util.Arrays;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/**
 * The parameters as a part of a batch sees them. What it forgets is its part of what the whole
 * batch would forget, so that the number of parts changes nothing but rounding.
 *
 * @param number of the part, from 0
 * @param parts how many there are
 */
record BatchPart(Ops tf, Variables whole, int number, int parts) implements Source {

  @Override
  public Operand<TFloat32> get(String row, Parameter.Role role) {
    return whole.get(row, role);
  }

  @Override
  public <T extends TFloating> Operand<T> normalise(Operand<T> values, String row, Class<T> type) {
    throw new UnsupportedOperationException("a batch is normalised as a whole");
  }

  @Override
  public <T extends TFloating> Operand<T> dropout(
      Operand<T> values, String row, double rate, Class<T> type) {
    int[] part = Arrays.stream(values.shape().asArray()).mapToInt(Math::toIntExact).toArray();
    int[] all = part.clone();
    all[0] *= parts;
    int[] first = new int[part.length];
    first[0] = number * part[0];
    Operand<T> kept = whole.kept(tf.constant(all), row, rate, type);
    return tf.math.mul(values, tf.slice(kept, tf.constant(first), tf.constant(part)));
  }

  @Override
  public <T extends TFloating> void convolved(Convolved<T> convolution) {
    whole.convolved(convolution);
  }
}
