package io.pigeonhole.trainer.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;

class BitwiseReluTest {

  /** Of all bits that are numbers. */
  private static final float[] NUMBERS = numbers();

  private static float[] numbers() {
    float[] all = new float[1 << 16];
    int count = 0;
    for (int bits = 0; bits < all.length; bits++) {
      float number = Float.intBitsToFloat(bits << 16);
      if (!Float.isNaN(number)) {
        all[count++] = number;
      }
    }
    return Arrays.copyOf(all, count);
  }

  @Test
  void isReluForAllNumbersAndOnTheWayBack() {
    Random random = new Random(1);
    float[] weights = new float[NUMBERS.length];
    IntStream.range(0, weights.length).forEach(i -> weights[i] = (float) random.nextGaussian());
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Operand<TBfloat16> values = tf.dtypes.cast(tf.constant(NUMBERS), TBfloat16.class);
      Operand<TBfloat16> relu = BitwiseRelu.of(tf, values);
      Operand<TBfloat16> weighted =
          tf.math.mul(relu, tf.dtypes.cast(tf.constant(weights), TBfloat16.class));
      Operand<TBfloat16> sum = tf.sum(weighted, tf.constant(0));
      Output<?> back = graph.addGradients(sum.asOutput(), new Output<?>[] {values.asOutput()})[0];
      Operand<TFloat32> shown = tf.dtypes.cast(relu, TFloat32.class);
      Operand<TFloat32> gradient = tf.dtypes.cast(back.expect(TBfloat16.class), TFloat32.class);
      Operand<TFloat32> rounded =
          tf.dtypes.cast(tf.dtypes.cast(tf.constant(weights), TBfloat16.class), TFloat32.class);
      try (Session session = new Session(graph);
          Result result = session.runner().fetch(shown).fetch(gradient).fetch(rounded).run()) {
        float[] ours = Floats.of(result, 0);
        float[] ourGradient = Floats.of(result, 1);
        float[] expected = Floats.of(result, 2);
        for (int i = 0; i < NUMBERS.length; i++) {
          assertThat(ours[i]).isEqualTo(NUMBERS[i] > 0 ? NUMBERS[i] : 0f);
          assertThat(ourGradient[i]).isEqualTo(NUMBERS[i] > 0 ? expected[i] : 0f);
        }
      }
    }
  }

  @Test
  void clearsNoNumbersOnlyWhereTheirSignIsSet() {
    float[] none = {Float.intBitsToFloat(0xffc00000), Float.intBitsToFloat(0x7fc00000)};
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Operand<TBfloat16> values = tf.dtypes.cast(tf.constant(none), TBfloat16.class);
      Operand<TFloat32> relu = tf.dtypes.cast(BitwiseRelu.of(tf, values), TFloat32.class);
      try (Session session = new Session(graph);
          Result result = session.runner().fetch(relu).run()) {
        assertThat(Floats.of(result, 0)).containsExactly(0, Float.NaN);
      }
    }
  }
}
