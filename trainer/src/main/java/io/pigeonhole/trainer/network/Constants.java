package io.pigeonhole.trainer.network;

import io.pigeonhole.trainer.network.Parameter.Role;
import java.util.HashMap;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/** Parameters as constants of a serving graph, batch normalisation folded away. */
final class Constants implements Source {

  private final Ops tf;
  private final boolean half;
  private final Map<String, Operand<TFloat32>> constants = new HashMap<>();

  /**
   * Adds the constants to a graph.
   *
   * @param half keeps kernels in two bytes a value: half the file, and the same class in all but a
   *     few images of ten thousand
   */
  Constants(Ops tf, Weights.Folded folded, boolean half) {
    this.tf = tf;
    this.half = half;
    for (Parameter parameter : folded.parameters()) {
      float[] numbers = folded.weights().get(parameter.name());
      boolean halved = half && parameter.role() == Role.KERNEL;
      constants.put(parameter.name(), halved ? half(parameter, numbers) : full(parameter, numbers));
    }
  }

  private Operand<TFloat32> full(Parameter parameter, float[] numbers) {
    return tf.withName(parameter.name()).constant(parameter.shape(), DataBuffers.of(numbers));
  }

  private Operand<TFloat32> half(Parameter parameter, float[] numbers) {
    try (TFloat16 tensor = TFloat16.tensorOf(parameter.shape(), DataBuffers.of(numbers))) {
      return tf.dtypes.cast(tf.withName(parameter.name()).constantOf(tensor), TFloat32.class);
    }
  }

  @Override
  public Operand<TFloat32> get(String row, Role role) {
    return constants.get(Parameter.name(row, role));
  }

  @Override
  public boolean half() {
    return half;
  }

  @Override
  public <T extends TFloating> Operand<T> normalise(Operand<T> values, String row, Class<T> type) {
    return tf.nn.biasAdd(values, tf.dtypes.cast(get(row, Role.BIAS), type));
  }
}
