package io.pigeonhole.trainer.network;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.TensorFlow;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TBfloat16;

/**
 * ReLU of bfloat16 values on a processor, as that of 16-bit integers: both have the sign in the
 * same bit, and what is not negative stays as it is. So the result is the same to the bit, and the
 * library takes a quarter of the time for integers (29 million values: 21 → 5 ms). But a NaN whose
 * sign is set, such as processors make of infinities, becomes 0, and no gradient passes it: the
 * loss need not show that a run has diverged.
 */
final class BitwiseRelu {

  private static final String BITCAST = "Bitcast";

  static {
    // TensorFlow has no gradient of it. Handing the bits back is right only because nothing
    // comes between the two of a ReLU but what keeps or clears all the bits of a value.
    TensorFlow.registerCustomGradient(
        BITCAST,
        (tf, operation, gradients) ->
            List.of(bitcast(tf, gradients.get(0), operation.input(0).dataType())));
  }

  private BitwiseRelu() {}

  @SuppressWarnings("unchecked")
  static Operand<TBfloat16> of(Ops tf, Operand<TBfloat16> values) {
    Output<?> relu =
        tf.scope()
            .opBuilder("Relu", "Relu")
            .addInput(bitcast(tf, values, DataType.DT_INT16).asOutput())
            .build()
            .output(0);
    return (Operand<TBfloat16>) bitcast(tf, relu, DataType.DT_BFLOAT16);
  }

  private static Operand<?> bitcast(Ops tf, Operand<?> values, DataType type) {
    return tf.scope()
        .opBuilder(BITCAST, BITCAST)
        .addInput(values.asOutput())
        .setAttr("type", type)
        .build()
        .output(0);
  }
}
