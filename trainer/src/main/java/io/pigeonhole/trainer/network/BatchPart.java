package io.pigeonhole.trainer.network;

import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/**
 * The parameters as a part of a batch sees them: the same, but each part forgets other values.
 *
 * @param whole what the whole batch would see
 * @param number of the part
 */
record BatchPart(Source whole, int number) implements Source {

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
    return whole.dropout(values, row + "/" + number, rate, type);
  }

  @Override
  public <T extends TFloating> void convolved(Convolved<T> convolution) {
    whole.convolved(convolution);
  }
}
