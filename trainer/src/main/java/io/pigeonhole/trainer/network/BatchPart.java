package io.pigeonhole.trainer.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TFloating;
import org.tensorflow.types.family.TType;

/**
 * The parameters as a part of a batch sees them. What it forgets is its part of what the whole
 * batch would forget, so that the number of parts changes nothing but rounding.
 *
 * @param number of the part, from 0
 * @param parts how many there are
 */
record BatchPart(Ops tf, Variables whole, int number, int parts) implements Source {

  /**
   * The scores of a batch whose parts go through a network side by side.
   *
   * @param images {@code uint8 [n, size, size, 3]}, {@code n} a multiple of the number of parts
   */
  static <T extends TFloating> Operand<TFloat32> scores(
      Ops tf,
      Network network,
      Operand<TUint8> images,
      Variables variables,
      Class<T> type,
      int parts) {
    int[] part = ints(images.shape());
    part[0] /= parts;
    List<Operand<TFloat32>> scores = new ArrayList<>();
    for (int number = 0; number < parts; number++) {
      BatchPart source = new BatchPart(tf, variables, number, parts);
      scores.add(network.scores(tf, source.slice(images, part), source, type));
    }
    return tf.concat(scores, tf.constant(0));
  }

  private <T extends TType> Operand<T> slice(Operand<T> batch, int[] part) {
    int[] first = new int[part.length];
    first[0] = number * part[0];
    return tf.slice(batch, tf.constant(first), tf.constant(part));
  }

  private static int[] ints(Shape shape) {
    return Arrays.stream(shape.asArray()).mapToInt(Math::toIntExact).toArray();
  }

  @Override
  public Operand<TFloat32> get(String row, Parameter.Role role) {
    return whole.get(row, role);
  }

  @Override
  public boolean onCpu() {
    return whole.onCpu();
  }

  @Override
  public <T extends TFloating> Operand<T> normalise(Operand<T> values, String row, Class<T> type) {
    throw new UnsupportedOperationException("a batch is normalised as a whole");
  }

  @Override
  public <T extends TFloating> Operand<T> dropout(
      Operand<T> values, String row, double rate, Class<T> type) {
    int[] part = ints(values.shape());
    int[] all = part.clone();
    all[0] *= parts;
    Operand<T> kept = whole.kept(tf.constant(all), row, rate, type);
    return tf.math.mul(values, slice(kept, part));
  }

  @Override
  public <T extends TFloating> void convolved(Convolved<T> convolution) {
    whole.convolved(convolution);
  }
}
