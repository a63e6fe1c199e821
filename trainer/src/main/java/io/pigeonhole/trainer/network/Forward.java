package io.pigeonhole.trainer.network;

import io.pigeonhole.trainer.network.Network.Row;
import io.pigeonhole.trainer.network.Parameter.Role;
import io.pigeonhole.trainer.recipe.Layer;
import io.pigeonhole.trainer.recipe.Layer.Activation;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/**
 * Adds one row after the other to a graph.
 *
 * @param tf the graph
 * @param source of the parameters
 * @param type precision of the values
 */
record Forward<T extends TFloating>(Ops tf, Source source, Class<T> type) {

  private static final float GELU_SLOPE = 1.702f;

  Operand<TFloat32> standardise(Row row, Operand<TFloat32> values) {
    Operand<TFloat32> mean = source.get(row.name(), Role.MEAN);
    Operand<TFloat32> variance = source.get(row.name(), Role.VARIANCE);
    return tf.math.mul(tf.math.sub(values, mean), tf.math.rsqrt(variance));
  }

  Operand<T> apply(Row row, Operand<T> values) {
    if (row.layer() instanceof Layer.Whitening) {
      Operand<T> filters = parameter(row, Role.FILTERS);
      int missing = bfloat16OnCpu() ? row.in().channels() % 2 : 0;
      return tf.nn.relu(
          conv(filledUp(values, 0, missing), filledUp(filters, missing, 0), "VALID", 1));
    }
    if (row.layer() instanceof Layer.Conv conv) {
      Operand<T> summed = convolved(row, conv, values);
      Operand<T> pooled =
          conv.pool() == 1 ? summed : maxPool(summed, conv.pool(), conv.pool(), conv.pool());
      Operand<T> shifted =
          conv.norm() ? source.normalise(pooled, row.name(), type) : bias(row, pooled);
      return activated(conv.residual() ? tf.math.add(shifted, values) : shifted, conv.activation());
    }
    if (row.layer() instanceof Layer.GlobalMax) {
      Operand<T> greatest = maxPool(values, row.in().height(), row.in().width(), 1);
      return tf.reshape(greatest, tf.constant(new int[] {-1, row.in().channels()}));
    }
    if (row.layer() instanceof Layer.GlobalAverage) {
      return tf.math.mean(values, tf.constant(new int[] {1, 2}));
    }
    if (row.layer() instanceof Layer.Dropout dropout) {
      return source.dropout(values, row.name(), dropout.rate(), type);
    }
    if (row.layer() instanceof Layer.Flatten) {
      return tf.reshape(values, tf.constant(new int[] {-1, row.in().values()}));
    }
    if (row.layer() instanceof Layer.Dense dense) {
      return dense(row, dense, values);
    }
    throw new IllegalArgumentException(
        row.layer() + " is possible only as the first layer: it reads the bytes of the image");
  }

  private Operand<T> convolved(Row row, Layer.Conv conv, Operand<T> values) {
    Operand<T> kernel = parameter(row, Role.KERNEL);
    if (bfloat16OnCpu() && (isOdd(row.in().channels()) || isOdd(conv.filters()))) {
      return withEvenChannels(row, conv, values, kernel);
    }
    if (bfloat16OnCpu()
        && conv.stride() == 1
        && conv.padding() == Layer.Padding.SAME
        && SideBySide.paysForward(values.shape(), kernel.shape())) {
      return SideBySide.conv(tf, values, kernel);
    }
    Operand<T> summed = conv(values, kernel, conv.padding().name(), conv.stride());
    if (bfloat16OnCpu() && conv.stride() == 1 && conv.size() == SideBySide.KERNEL) {
      source.convolved(new Source.Convolved<>(row.name(), values, summed));
    }
    return summed;
  }

  /**
   * A convolution whose channels are filled up with zeros to an even number: the library's routines
   * for processors that multiply bfloat16 without AMX take channels in pairs, and read past the
   * last of an odd number. Filters are channels on the way back.
   */
  private Operand<T> withEvenChannels(
      Row row, Layer.Conv conv, Operand<T> values, Operand<T> kernel) {
    int in = row.in().channels() % 2;
    int out = conv.filters() % 2;
    Operand<T> summed =
        conv(
            filledUp(values, 0, in),
            filledUp(kernel, in, out),
            conv.padding().name(),
            conv.stride());
    return out == 0
        ? summed
        : tf.slice(
            summed, tf.constant(new int[4]), tf.constant(new int[] {-1, -1, -1, conv.filters()}));
  }

  private static boolean isOdd(int channels) {
    return channels % 2 == 1;
  }

  /** With zeros after the last of the third and the fourth dimension. */
  private Operand<T> filledUp(Operand<T> values, int third, int fourth) {
    if (third + fourth == 0) {
      return values;
    }
    Operand<T> zero = tf.dtypes.cast(tf.constant(0f), type);
    return tf.pad(values, tf.constant(new int[][] {{0, 0}, {0, 0}, {0, third}, {0, fourth}}), zero);
  }

  private Operand<T> dense(Row row, Layer.Dense dense, Operand<T> values) {
    Operand<T> product = tf.linalg.matMul(values, parameter(row, Role.KERNEL));
    Operand<T> summed = dense.bias() ? bias(row, product) : product;
    Operand<T> scaled =
        dense.scale() == 1
            ? summed
            : tf.math.mul(summed, tf.dtypes.cast(tf.constant((float) dense.scale()), type));
    return activated(scaled, dense.activation());
  }

  private Operand<T> activated(Operand<T> values, Activation activation) {
    return switch (activation) {
      case NONE -> values;
      case RELU -> tf.nn.relu(values);
      case GELU -> {
        Operand<T> slope = tf.dtypes.cast(tf.constant(GELU_SLOPE), type);
        yield tf.math.mul(values, tf.math.sigmoid(tf.math.mul(slope, values)));
      }
    };
  }

  /** Whether these are bfloat16 values on a processor: some of the library's routines are slow. */
  private boolean bfloat16OnCpu() {
    return type == TBfloat16.class && source.onCpu();
  }

  /** Without a cast where none is needed: only of a constant is oneDNN's own copy kept. */
  @SuppressWarnings("unchecked")
  private Operand<T> parameter(Row row, Role role) {
    Operand<TFloat32> parameter = source.get(row.name(), role);
    return type == TFloat32.class ? (Operand<T>) parameter : tf.dtypes.cast(parameter, type);
  }

  private Operand<T> bias(Row row, Operand<T> values) {
    return tf.nn.biasAdd(values, parameter(row, Role.BIAS));
  }

  private Operand<T> conv(Operand<T> values, Operand<T> kernel, String padding, long stride) {
    return tf.nn.conv2d(values, kernel, List.of(1L, stride, stride, 1L), padding);
  }

  /**
   * The first version of the operation: the newer one that {@link Ops} makes has no fast kernel.
   */
  private Operand<T> maxPool(Operand<T> values, long height, long width, long stride) {
    return tf.scope()
        .opBuilder("MaxPool", "MaxPool")
        .addInput(values.asOutput())
        .setAttr("ksize", new long[] {1, height, width, 1})
        .setAttr("strides", new long[] {1, stride, stride, 1})
        .setAttr("padding", "VALID")
        .setAttr("data_format", "NHWC")
        .build()
        .<T>output(0);
  }
}
