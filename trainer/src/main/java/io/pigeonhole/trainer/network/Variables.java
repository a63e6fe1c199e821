package io.pigeonhole.trainer.network;

import io.pigeonhole.trainer.network.Parameter.Role;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.op.nn.FusedBatchNorm;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TFloating;

/** Parameters as variables of a training graph. */
final class Variables implements Source {

  /** Part of the running mean and variance that one batch replaces. */
  private static final float NORM_RATE = 0.4f;

  private final Ops tf;
  private final boolean onCpu;
  private final Map<String, Variable> variables = new LinkedHashMap<>();
  private final Map<String, Slot> slots = new LinkedHashMap<>();
  private Optional<Placeholder<TInt64>> noise = Optional.empty();
  private List<Op> updates = new ArrayList<>();
  private List<Convolved<?>> convolutions = new ArrayList<>();

  /**
   * A variable and the one place where it is read, so that gradients can be asked for there.
   *
   * @param parameter what it holds
   * @param handle its resource
   * @param value its value at the start of a step
   */
  record Variable(Parameter parameter, VarHandleOp handle, Operand<TFloat32> value) {}

  private record Slot(VarHandleOp handle, Operand<TFloat32> value, Shape shape, float initial) {}

  /**
   * Makes the variables; they have no values yet.
   *
   * @param onCpu whether the graph runs on a processor
   */
  Variables(Ops tf, List<Parameter> parameters, boolean onCpu) {
    this.tf = tf;
    this.onCpu = onCpu;
    for (Parameter parameter : parameters) {
      VarHandleOp handle = handle(parameter.name(), parameter.shape());
      variables.put(
          parameter.name(),
          new Variable(parameter, handle, tf.readVariableOp(handle, TFloat32.class)));
    }
  }

  List<Variable> trained() {
    return variables.values().stream().filter(v -> v.parameter().role().trained()).toList();
  }

  /** A further variable of the same shape, such as a momentum, zero at the start. */
  VarHandleOp slot(Variable of, String kind) {
    return slot(of.parameter().name() + "_" + kind, of.parameter().shape(), 0);
  }

  /** A further variable of one number. */
  VarHandleOp scalar(String name, float value) {
    return slot(name, Shape.scalar(), value);
  }

  private VarHandleOp slot(String name, Shape shape, float initial) {
    return slots.computeIfAbsent(name, key -> newSlot(key, shape, initial)).handle();
  }

  private Slot newSlot(String name, Shape shape, float initial) {
    VarHandleOp handle = handle(name, shape);
    return new Slot(handle, tf.readVariableOp(handle, TFloat32.class), shape, initial);
  }

  private VarHandleOp handle(String name, Shape shape) {
    return tf.withName(name).varHandleOp(TFloat32.class, shape, VarHandleOp.sharedName(name));
  }

  @Override
  public Operand<TFloat32> get(String row, Role role) {
    return variables.get(Parameter.name(row, role)).value();
  }

  @Override
  public boolean onCpu() {
    return onCpu;
  }

  @Override
  public <T extends TFloating> Operand<T> normalise(Operand<T> values, String row, Class<T> type) {
    Operand<TFloat32> shift = get(row, Role.SHIFT);
    Operand<TFloat32> ones = tf.onesLike(get(row, Role.MEAN));
    Operand<TFloat32> none = tf.constant(new float[0]);
    FusedBatchNorm<T, TFloat32> norm =
        tf.nn.fusedBatchNorm(
            values,
            ones,
            shift,
            none,
            none,
            FusedBatchNorm.isTraining(true),
            FusedBatchNorm.epsilon(Network.EPSILON));
    updates.add(follow(Parameter.name(row, Role.MEAN), norm.batchMean()));
    updates.add(follow(Parameter.name(row, Role.VARIANCE), norm.batchVariance()));
    return norm.y();
  }

  /** Two numbers that are to be fed at each step, others at each, if there is any dropout. */
  Optional<Placeholder<TInt64>> noise() {
    return noise;
  }

  /** What is forgotten depends on the row and on what is fed only: no state, so runs repeat. */
  @Override
  public <T extends TFloating> Operand<T> dropout(
      Operand<T> values, String row, double rate, Class<T> type) {
    return tf.math.mul(values, kept(tf.shape(values), row, rate, type));
  }

  /** Zero for what is forgotten, and for the rest what makes up for it. */
  <T extends TFloating> Operand<T> kept(
      Operand<TInt32> shape, String row, double rate, Class<T> type) {
    Placeholder<TInt64> fed =
        noise.orElseGet(() -> tf.placeholder(TInt64.class, Placeholder.shape(Shape.of(2))));
    noise = Optional.of(fed);
    Operand<TInt64> seed = tf.math.add(fed, tf.constant(new long[] {row.hashCode(), 0}));
    Operand<TFloat32> drawn = tf.random.statelessRandomUniform(shape, seed, TFloat32.class);
    Operand<T> kept = tf.dtypes.cast(tf.math.greaterEqual(drawn, tf.constant((float) rate)), type);
    Operand<T> scale = tf.dtypes.cast(tf.constant((float) (1 / (1 - rate))), type);
    return tf.math.mul(kept, scale);
  }

  @Override
  public <T extends TFloating> void convolved(Convolved<T> convolution) {
    convolutions.add(convolution);
  }

  private Op follow(String name, Operand<TFloat32> batch) {
    Variable running = variables.get(name);
    Operand<TFloat32> gap = tf.math.sub(running.value(), batch);
    return tf.assignSubVariableOp(running.handle(), tf.math.mul(gap, tf.constant(NORM_RATE)));
  }

  /** The updates of running statistics that the rows built since the last call need. */
  List<Op> takeUpdates() {
    List<Op> taken = updates;
    updates = new ArrayList<>();
    return taken;
  }

  /** The convolutions built since the last call. */
  List<Convolved<?>> takeConvolutions() {
    List<Convolved<?>> taken = convolutions;
    convolutions = new ArrayList<>();
    return taken;
  }

  /** Gives every variable its first value. */
  void start(Session session, Weights weights) {
    for (Variable variable : variables.values()) {
      Parameter parameter = variable.parameter();
      assign(session, variable.handle(), parameter.shape(), weights.get(parameter.name()));
    }
    for (Slot slot : slots.values()) {
      float[] numbers = new float[Math.toIntExact(slot.shape().size())];
      Arrays.fill(numbers, slot.initial());
      assign(session, slot.handle(), slot.shape(), numbers);
    }
  }

  private void assign(Session session, VarHandleOp handle, Shape shape, float[] numbers) {
    Placeholder<TFloat32> value = tf.placeholder(TFloat32.class);
    Op assignment = tf.assignVariableOp(handle, value);
    try (TFloat32 tensor = TFloat32.tensorOf(shape, DataBuffers.of(numbers))) {
      session.runner().feed(value, tensor).addTarget(assignment).run().close();
    }
  }

  /** A copy of the present values. */
  Weights read(Session session) {
    Weights weights = new Weights();
    for (Variable variable : variables.values()) {
      Parameter parameter = variable.parameter();
      weights.put(parameter.name(), read(session, variable.value(), parameter.shape()));
    }
    return weights;
  }

  /** A copy of the present values, those of further variables among them. */
  Weights readAll(Session session) {
    Weights all = read(session);
    slots.forEach((name, slot) -> all.put(name, read(session, slot.value(), slot.shape())));
    return all;
  }

  private static float[] read(Session session, Operand<TFloat32> value, Shape shape) {
    try (Result result = session.runner().fetch(value).run()) {
      float[] numbers = new float[Math.toIntExact(shape.size())];
      ((TFloat32) result.get(0)).asRawTensor().data().asFloats().read(numbers);
      return numbers;
    }
  }

  /**
   * Sets all values, those of further variables among them.
   *
   * @throws IllegalArgumentException if one is missing or has another size
   */
  void restore(Session session, Weights all) {
    for (Variable variable : variables.values()) {
      Parameter parameter = variable.parameter();
      float[] numbers = sized(all, parameter.name(), parameter.shape());
      assign(session, variable.handle(), parameter.shape(), numbers);
    }
    slots.forEach(
        (name, slot) ->
            assign(session, slot.handle(), slot.shape(), sized(all, name, slot.shape())));
  }

  private static float[] sized(Weights all, String name, Shape shape) {
    float[] numbers = all.get(name);
    if (numbers.length != shape.size()) {
      throw new IllegalArgumentException(
          "%s has %d numbers; expected %d".formatted(name, numbers.length, shape.size()));
    }
    return numbers;
  }
}
