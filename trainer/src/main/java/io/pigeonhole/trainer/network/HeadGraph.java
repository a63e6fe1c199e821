package io.pigeonhole.trainer.network;

import io.pigeonhole.trainer.network.Parameter.Role;
import io.pigeonhole.trainer.recipe.Layer;
import io.pigeonhole.trainer.recipe.Recipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;

/**
 * The rows after a base, as a function of their parameters: loss and gradient for features that are
 * there already. The features are brought to mean 0 and variance 1 first; {@link #weights} has
 * parameters for features as they are.
 */
public final class HeadGraph implements AutoCloseable {

  private final Graph graph = new Graph();
  private final Session session;
  private final Recipe recipe;
  private final Network network;
  private final List<Parameter> parameters;
  private final Scaling scaling;
  private final Placeholder<TFloat32> features;
  private final Placeholder<TInt32> labels;
  private final Placeholder<TFloat32> counts;
  private final FedParameters fed;
  private final Operand<TFloat32> scores;
  private final Operand<TFloat32> loss;
  private final Output<?>[] gradients;

  /**
   * How features are brought to mean 0 and variance 1.
   *
   * @param mean of each
   * @param factor for each
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Scaling(float[] mean, float[] factor) {}

  /**
   * Builds the graph of a recipe's head.
   *
   * @param recipe with its base and its classes
   */
  public HeadGraph(Recipe recipe, Scaling scaling) {
    this.recipe = recipe;
    this.scaling = scaling;
    this.network = Network.of(recipe);
    this.parameters = network.headParameters();
    Ops tf = Ops.create(graph);
    int classes = network.classes();
    features = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, scaling.mean.length)));
    labels = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(-1)));
    counts = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1)));
    Operand<TFloat32> scaled =
        tf.math.mul(tf.math.sub(features, tf.constant(scaling.mean)), tf.constant(scaling.factor));
    this.fed = FedParameters.of(tf, parameters);
    scores = network.scoresOfFeatures(tf, scaled, fed.withoutDropout());
    float spread = (float) (recipe.objective().labelSmoothing() / classes);
    float hit = (float) (1 - recipe.objective().labelSmoothing()) + spread;
    Operand<TFloat32> targets =
        tf.oneHot(labels, tf.constant(classes), tf.constant(hit), tf.constant(spread));
    Operand<TFloat32> learned = network.scoresOfFeatures(tf, scaled, fed);
    Operand<TFloat32> losses = tf.nn.softmaxCrossEntropyWithLogits(learned, targets).loss();
    loss = tf.sum(tf.math.mul(losses, counts), tf.constant(0));
    Output<?>[] by =
        parameters.stream()
            .map(each -> fed.values().get(each.name()).asOutput())
            .toArray(Output<?>[]::new);
    gradients = graph.addGradients(loss.asOutput(), by);
    session = new Session(graph);
  }

  /** Number of parameters, kernels and biases together. */
  public int size() {
    return parameters.stream().mapToInt(Parameter::size).sum();
  }

  /** Parameters to begin with: random kernels where there is more than one row, else zeros. */
  public double[] start(long seed) {
    double[] start = new double[size()];
    Random random = new Random(seed);
    long kernels = parameters.stream().filter(each -> each.role() == Role.KERNEL).count();
    int at = 0;
    for (Parameter each : parameters) {
      if (each.role() == Role.KERNEL && kernels > 1) {
        double limit = Math.sqrt(6.0 / (each.shape().get(0) + each.shape().get(1)));
        for (int i = 0; i < each.size(); i++) {
          start[at + i] = (random.nextDouble() * 2 - 1) * limit;
        }
      }
      at += each.size();
    }
    return start;
  }

  /**
   * Some rows of features.
   *
   * @param features {@code [n, count]}
   * @param number among all blocks, which decides what dropout forgets
   */
  public record Block(TFloat32 features, TInt32 labels, int number) implements AutoCloseable {

    /** Copies rows to TensorFlow's memory. */
    public static Block of(float[] features, int[] labels, int number) {
      Shape shape = Shape.of(labels.length, features.length / Math.max(1, labels.length));
      return new Block(
          TFloat32.tensorOf(shape, DataBuffers.of(features)),
          TInt32.tensorOf(Shape.of(labels.length), DataBuffers.of(labels)),
          number);
    }

    @Override
    public void close() {
      features.close();
      labels.close();
    }
  }

  /**
   * Adds a block's part to the loss and its gradient.
   *
   * @param counts how much each row counts
   * @param gradient to which it is added, as long as the parameters
   * @return sum of the losses, each times what it counts
   */
  public double add(double[] parameters, Block block, float[] counts, double[] gradient) {
    List<TFloat32> values = tensors(parameters);
    try (TFloat32 weights = TFloat32.tensorOf(Shape.of(counts.length), DataBuffers.of(counts));
        TInt64 seed = TInt64.vectorOf(recipe.seed(), block.number())) {
      Session.Runner runner =
          runner(values, block).feed(fed.seed(), seed).feed(this.counts, weights);
      runner.feed(labels, block.labels()).fetch(loss);
      for (Output<?> each : gradients) {
        runner.fetch(each);
      }
      try (Result result = runner.run()) {
        int at = 0;
        for (int i = 0; i < gradients.length; i++) {
          float[] part = new float[this.parameters.get(i).size()];
          ((TFloat32) result.get(i + 1)).asRawTensor().data().asFloats().read(part);
          for (float number : part) {
            gradient[at++] += number;
          }
        }
        return ((TFloat32) result.get(0)).getFloat();
      }
    } finally {
      values.forEach(TFloat32::close);
    }
  }

  /** Scores of a block's rows before the softmax, {@code [n][classes]}. */
  public float[][] scores(double[] parameters, Block block) {
    List<TFloat32> values = tensors(parameters);
    try (Result result = runner(values, block).fetch(scores).run()) {
      TFloat32 answer = (TFloat32) result.get(0);
      float[][] rows = new float[(int) answer.shape().get(0)][network.classes()];
      for (int row = 0; row < rows.length; row++) {
        answer
            .asRawTensor()
            .data()
            .asFloats()
            .offset((long) row * rows[row].length)
            .read(rows[row]);
      }
      return rows;
    } finally {
      values.forEach(TFloat32::close);
    }
  }

  private Session.Runner runner(List<TFloat32> values, Block block) {
    Session.Runner runner = session.runner().feed(features, block.features());
    for (int i = 0; i < values.size(); i++) {
      runner.feed(fed.values().get(parameters.get(i).name()), values.get(i));
    }
    return runner;
  }

  private List<TFloat32> tensors(double[] numbers) {
    List<TFloat32> tensors = new ArrayList<>();
    int at = 0;
    for (Parameter each : parameters) {
      float[] part = new float[each.size()];
      for (int i = 0; i < part.length; i++) {
        part[i] = (float) numbers[at++];
      }
      tensors.add(TFloat32.tensorOf(each.shape(), DataBuffers.of(part)));
    }
    return tensors;
  }

  /** Adds the penalty for large kernels, and its gradient. */
  public double penalty(double[] numbers, double l2, double[] gradient) {
    double sum = 0;
    int at = 0;
    for (Parameter each : parameters) {
      for (int i = 0; i < each.size(); i++, at++) {
        if (each.role() == Role.KERNEL) {
          sum += l2 * numbers[at] * numbers[at];
          gradient[at] += 2 * l2 * numbers[at];
        }
      }
    }
    return sum;
  }

  /**
   * The weights of the whole network, for features as they are.
   *
   * @param numbers the head's parameters, for features of mean 0 and variance 1
   */
  public Weights weights(double[] numbers) {
    Weights weights = new Weights();
    BaseRow.of(network.rows().get(0)).values().forEach(weights::put);
    int at = 0;
    for (Parameter each : parameters) {
      float[] part = new float[each.size()];
      for (int i = 0; i < part.length; i++) {
        part[i] = (float) numbers[at++];
      }
      weights.put(each.name(), part);
    }
    network.rows().stream()
        .filter(row -> row.layer() instanceof Layer.Dense)
        .findFirst()
        .ifPresent(row -> unscale(row, weights));
    return weights;
  }

  /** Multiplies the scaling of the features into the first dense row. */
  private void unscale(Network.Row row, Weights weights) {
    float[] kernel = weights.get(Parameter.name(row.name(), Role.KERNEL));
    boolean biased = ((Layer.Dense) row.layer()).bias();
    float[] bias = biased ? weights.get(Parameter.name(row.name(), Role.BIAS)) : new float[0];
    int units = kernel.length / scaling.mean.length;
    for (int feature = 0; feature < scaling.mean.length; feature++) {
      for (int unit = 0; unit < units; unit++) {
        int place = feature * units + unit;
        kernel[place] *= scaling.factor[feature];
        if (biased) {
          bias[unit] -= kernel[place] * scaling.mean[feature];
        }
      }
    }
  }

  /** Whether the mean of the features can be taken away: a bias makes up for it in the end. */
  public static boolean centres(Recipe recipe) {
    return recipe.layers().stream()
        .filter(Layer.Dense.class::isInstance)
        .findFirst()
        .map(layer -> ((Layer.Dense) layer).bias())
        .orElse(false);
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
