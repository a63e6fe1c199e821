package io.pigeonhole.trainer.network;

import io.pigeonhole.trainer.network.Network.Row;
import io.pigeonhole.trainer.network.Parameter.Role;
import io.pigeonhole.trainer.network.Variables.Variable;
import io.pigeonhole.trainer.recipe.Form;
import io.pigeonhole.trainer.recipe.Layer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/**
 * A layer that multiplies, computed as a training does it, in float32 and in bfloat16. Pooling,
 * normalisation and activation are left out: a maximum that rounding moves to the next pixel is no
 * mistake, but looks like a large one.
 *
 * @param layer a convolution or a dense layer
 * @param in what it is given
 */
record LayerTrial(Layer layer, Form in) {

  private static final String ROW = "row";
  private static final List<String> WHAT =
      List.of("the forward pass", "the gradient by the kernel", "the gradient by the input");

  /**
   * What was found.
   *
   * @param what of the layer differs most
   * @param distance between the formats, as a part of the length of the float32 array; NaN if there
   *     is something that is no number
   * @param float32Seconds that the forward pass and both gradients take
   * @param bfloat16Seconds that they take in bfloat16
   */
  record Found(String what, double distance, double float32Seconds, double bfloat16Seconds) {}

  /** The trial of a row of a network, if it multiplies. */
  static Optional<LayerTrial> of(Row row) {
    return multiplying(row.layer(), row.in()).map(layer -> new LayerTrial(layer, row.in()));
  }

  private static Optional<Layer> multiplying(Layer layer, Form in) {
    if (layer instanceof Layer.Whitening whitening) {
      int filters = in.after(layer).channels();
      return Optional.of(conv(filters, whitening.size(), Layer.Padding.VALID, 1));
    }
    if (layer instanceof Layer.Conv conv) {
      return Optional.of(conv(conv.filters(), conv.size(), conv.padding(), conv.stride()));
    }
    if (layer instanceof Layer.Dense dense) {
      return Optional.of(new Layer.Dense(dense.units(), Layer.Activation.NONE, false, 1));
    }
    return Optional.empty();
  }

  private static Layer conv(int filters, int size, Layer.Padding padding, int stride) {
    return new Layer.Conv(filters, size, padding, stride, 1, false, false, Layer.Activation.NONE);
  }

  /** What it is, for people. */
  String description() {
    String what =
        layer instanceof Layer.Conv conv
            ? "a convolution to %d channels (%d×%d)"
                .formatted(conv.filters(), conv.size(), conv.size())
            : "a dense layer to %d units".formatted(made().values());
    String given =
        in.flat()
            ? "%d values".formatted(in.values())
            : "%d×%d×%d".formatted(in.height(), in.width(), in.channels());
    return what + " of " + given;
  }

  private Form made() {
    return in.after(layer);
  }

  /** Floating-point operations of an image: forward, and back to the kernel and to the input. */
  double operations() {
    double each =
        layer instanceof Layer.Conv conv
            ? (double) conv.size() * conv.size() * in.channels()
            : in.values();
    return 3 * 2 * each * made().values();
  }

  /**
   * Computes it for some images of noise.
   *
   * @param onCpu whether on a processor
   * @param half whether in bfloat16, too; without it, nothing is found of that
   * @param rounds in which it is timed; without any, only the distance is found
   */
  Found run(int images, boolean onCpu, boolean half, int rounds) {
    Row row = new Row(ROW, layer, in);
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Variables variables = new Variables(tf, Network.parameters(row), onCpu);
      // variables, since of constants TensorFlow computes the results beforehand, in another way
      Noise values = new Noise(tf, "values", shape(images, in));
      Noise gradient = new Noise(tf, "gradient", shape(images, made()));
      Tower tower = new Tower(graph, tf, row, variables, values.value(), gradient.value());
      List<Operand<TFloat32>> single = tower.results(TFloat32.class);
      List<Operand<TFloat32>> other = half ? tower.results(TBfloat16.class) : List.of();
      try (Session session = new Session(graph)) {
        variables.start(session, weights(row));
        values.fill(session, 1);
        gradient.fill(session, 2);
        return found(session, single, other, rounds);
      }
    }
  }

  /** A variable of numbers that have nothing in common. */
  private record Noise(Ops tf, Shape shape, VarHandleOp handle, Operand<TFloat32> value) {

    Noise(Ops tf, String name, Shape shape) {
      this(tf, shape, tf.varHandleOp(TFloat32.class, shape, VarHandleOp.sharedName(name)));
    }

    private Noise(Ops tf, Shape shape, VarHandleOp handle) {
      this(tf, shape, handle, tf.readVariableOp(handle, TFloat32.class));
    }

    void fill(Session session, long seed) {
      Placeholder<TFloat32> fed = tf.placeholder(TFloat32.class);
      Op assignment = tf.assignVariableOp(handle, fed);
      try (TFloat32 numbers = noise(shape, seed)) {
        session.runner().feed(fed, numbers).addTarget(assignment).run().close();
      }
    }
  }

  private static Found found(
      Session session, List<Operand<TFloat32>> single, List<Operand<TFloat32>> half, int rounds) {
    double distance = half.isEmpty() ? 0 : -1;
    String what = "";
    Session.Runner both = session.runner(); // the first run of either is a slow one
    single.forEach(both::fetch);
    half.forEach(both::fetch);
    try (Result result = both.run()) {
      for (int i = 0; i < half.size() && !Double.isNaN(distance); i++) {
        double next = Floats.distance(Floats.of(result, single.size() + i), Floats.of(result, i));
        if (!(next <= distance)) {
          distance = next;
          what = WHAT.get(i);
        }
      }
    }
    double singleSeconds = Double.MAX_VALUE;
    double halfSeconds = Double.MAX_VALUE;
    for (int round = 0; round < rounds; round++) {
      singleSeconds = Math.min(singleSeconds, seconds(session, single));
      halfSeconds = Math.min(halfSeconds, seconds(session, half));
    }
    return new Found(what, distance, singleSeconds, halfSeconds);
  }

  private static double seconds(Session session, List<Operand<TFloat32>> results) {
    if (results.isEmpty()) {
      return 0;
    }
    Session.Runner runner = session.runner();
    results.forEach(runner::addTarget);
    long start = System.nanoTime();
    runner.run().close();
    return (System.nanoTime() - start) / 1e9;
  }

  /** The layer in a graph, once for each format. */
  private record Tower(
      Graph graph,
      Ops tf,
      Row row,
      Variables variables,
      Operand<TFloat32> values,
      Operand<TFloat32> gradient) {

    /** In the order of {@link #WHAT}. */
    @SuppressWarnings("unchecked")
    <T extends TFloating> List<Operand<TFloat32>> results(Class<T> type) {
      Operand<T> given = tf.dtypes.cast(values, type);
      Operand<TFloat32> made =
          tf.dtypes.cast(new Forward<>(tf, variables, type).apply(row, given), TFloat32.class);
      int[] all = new int[made.shape().numDimensions()];
      for (int i = 0; i < all.length; i++) {
        all[i] = i;
      }
      // its gradient by what was made is the gradient that is fed
      Operand<TFloat32> loss = tf.sum(tf.math.mul(made, gradient), tf.constant(all));
      List<Variable> trained = variables.trained();
      List<Operand<TFloat32>> results = new ArrayList<>(List.of(made));
      List<Operand<TFloat32>> gradients =
          new Gradients(tf, trained, variables.takeConvolutions()).of(graph, loss);
      results.add(gradients.get(0)); // the kernel's, before that of a bias
      Output<?> byInput =
          graph.addGradients(loss.asOutput(), new Output<?>[] {given.asOutput()})[0];
      results.add(tf.dtypes.cast((Output<T>) byInput, TFloat32.class));
      return results;
    }
  }

  private static Shape shape(int images, Form form) {
    return form.flat()
        ? Shape.of(images, form.values())
        : Shape.of(images, form.height(), form.width(), form.channels());
  }

  private static Weights weights(Row row) {
    Weights weights = new Weights();
    for (Parameter parameter : Network.parameters(row)) {
      float[] numbers = new float[parameter.size()];
      if (parameter.role() == Role.KERNEL) {
        fill(numbers, 3);
      }
      weights.put(parameter.name(), numbers);
    }
    return weights;
  }

  private static TFloat32 noise(Shape shape, long seed) {
    float[] numbers = new float[Math.toIntExact(shape.size())];
    fill(numbers, seed);
    return TFloat32.tensorOf(shape, DataBuffers.of(numbers));
  }

  /** Uniform noise: all that matters is that no two places have the same. */
  private static void fill(float[] numbers, long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = random.nextFloat() * 2 - 1;
    }
  }
}
