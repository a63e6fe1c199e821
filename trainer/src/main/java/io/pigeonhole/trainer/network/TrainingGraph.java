package io.pigeonhole.trainer.network;

import io.pigeonhole.trainer.data.Images;
import io.pigeonhole.trainer.network.Parameter.Role;
import io.pigeonhole.trainer.network.Variables.Variable;
import io.pigeonhole.trainer.recipe.Balance;
import io.pigeonhole.trainer.recipe.Recipe;
import io.pigeonhole.trainer.recipe.Stage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.nn.SoftmaxCrossEntropyWithLogits;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TFloating;

/**
 * A network with its loss, gradients and updates. Every image size of the recipe has a tower of its
 * own over the same variables, so that all shapes are known beforehand.
 */
public final class TrainingGraph implements AutoCloseable {

  private final Recipe recipe;
  private final Graph graph = new Graph();
  private final Session session;
  private final Variables variables;
  private final Placeholder<TFloat32> factor;
  private final Update update;
  private final Optional<Lookahead> lookahead;
  private final Map<Integer, Tower> towers = new HashMap<>();
  private final int parts;
  private final int classes;
  private final long seed;

  /**
   * What one step showed.
   *
   * @param loss mean over the batch, without images of no class, before the step
   * @param correct images of the batch that were classified rightly, before the step
   */
  public record Step(double loss, int correct) {}

  private record Tower(
      Placeholder<TUint8> images,
      Placeholder<TInt32> labels,
      Optional<SecondLabels> second,
      Operand<TFloat32> loss,
      Operand<TInt32> correct,
      List<Op> updates) {}

  private record SecondLabels(Placeholder<TInt32> labels, Placeholder<TFloat32> shares) {}

  /**
   * Decides how many threads share an operation in this process, as suits a recipe. It has to come
   * before all else that TensorFlow does here, such as decoding: the first to come decides, later
   * ones change nothing, and another number rounds otherwise.
   *
   * @param threads processors to be used; 0 for all
   */
  public static void claimThreads(Recipe recipe, int threads) {
    Recipe any = recipe.forClasses(2);
    Gpus.count(Parallelism.of(any, Network.of(any), threads).threads());
  }

  /**
   * Builds the graph and gives the variables their first values.
   *
   * @param images to be trained on: their statistics go into the first rows
   * @param seed of the random weights
   * @param threads processors to be used; 0 for all
   */
  public TrainingGraph(Recipe recipe, Images images, Precision precision, long seed, int threads) {
    this(recipe, images, precision, seed, threads, Optional.empty());
  }

  /**
   * Builds the graph and gives the variables the values of another network.
   *
   * @param base weights to begin with, if not with random ones
   * @throws IllegalArgumentException if the base is of another network
   */
  public TrainingGraph(
      Recipe recipe,
      Images images,
      Precision precision,
      long seed,
      int threads,
      Optional<Start> base) {
    this.classes = images.classes().size();
    this.recipe = recipe.forClasses(classes);
    this.seed = seed;
    Network network = Network.of(this.recipe);
    Ops tf = Ops.create(graph);
    Parallelism parallelism = Parallelism.of(this.recipe, network, threads);
    boolean onCpu = Gpus.count(parallelism.threads()) == 0; // the first to ask decides the threads
    this.variables = new Variables(tf, network.parameters(), onCpu);
    this.factor = tf.placeholder(TFloat32.class);
    this.update = Update.of(tf, recipe.optimiser(), variables, factor, recipe.batch(), precision);
    this.lookahead =
        recipe.lookahead() == 0
            ? Optional.empty()
            : Optional.of(new Lookahead(tf, variables, recipe.lookahead()));
    this.parts = parallelism.parts();
    for (Stage stage : recipe.stages()) {
      Network sized = Network.of(this.recipe.layers(), stage.size(), recipe.channels());
      towers.computeIfAbsent(
          stage.size(), size -> tower(tf, sized, size, precision.type(), images.labels()));
    }
    ConfigProto config =
        ConfigProto.newBuilder().setIntraOpParallelismThreads(parallelism.threads()).build();
    this.session = new Session(graph, config);
    variables.start(session, InitialWeights.of(network, images, seed, base));
  }

  private <T extends TFloating> Tower tower(
      Ops tf, Network network, int size, Class<T> type, int[] allLabels) {
    int shown = recipe.batch() + recipe.outliers();
    Placeholder<TUint8> images =
        tf.placeholder(
            TUint8.class, Placeholder.shape(Shape.of(shown, size, size, Images.CHANNELS)));
    Placeholder<TInt32> labels =
        tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(recipe.batch())));
    Operand<TFloat32> all =
        parts == 1
            ? network.scores(tf, images, variables, type)
            : BatchPart.scores(tf, network, images, variables, type, parts);
    Operand<TFloat32> scores = recipe.outliers() == 0 ? all : rows(tf, all, 0, recipe.batch());
    Optional<SecondLabels> second =
        recipe.augmentation().mixes() ? Optional.of(secondLabels(tf)) : Optional.empty();
    Operand<TFloat32> losses = losses(tf, scores, labels, allLabels);
    Operand<TFloat32> loss =
        tf.math.mean(
            second.map(other -> mixed(tf, losses, scores, other, allLabels)).orElse(losses),
            tf.constant(0));
    Operand<TInt32> best = tf.math.argMax(scores, tf.constant(1), TInt32.class);
    Operand<TInt32> correct =
        tf.sum(tf.dtypes.cast(tf.math.equal(best, labels), TInt32.class), tf.constant(0));
    Operand<TFloat32> objective =
        recipe.outliers() == 0 ? loss : tf.math.add(loss, outlierLoss(tf, all));
    return new Tower(images, labels, second, loss, correct, updates(tf, objective));
  }

  private Operand<TFloat32> rows(Ops tf, Operand<TFloat32> scores, int from, int count) {
    return tf.slice(
        scores, tf.constant(new int[] {from, 0}), tf.constant(new int[] {count, classes}));
  }

  /** As a part of the batch's mean loss: cross-entropy with every class being as probable. */
  private Operand<TFloat32> outlierLoss(Ops tf, Operand<TFloat32> scores) {
    int outliers = recipe.outliers();
    float[][] even = new float[outliers][classes];
    for (float[] row : even) {
      Arrays.fill(row, 1f / classes);
    }
    SoftmaxCrossEntropyWithLogits<TFloat32> entropy =
        tf.nn.softmaxCrossEntropyWithLogits(
            rows(tf, scores, recipe.batch(), outliers), tf.constant(even));
    double weight = recipe.objective().outliers().weight() / recipe.batch();
    return tf.math.mul(tf.sum(entropy.loss(), tf.constant(0)), tf.constant((float) weight));
  }

  private SecondLabels secondLabels(Ops tf) {
    Placeholder.Options shape = Placeholder.shape(Shape.of(recipe.batch()));
    return new SecondLabels(
        tf.placeholder(TInt32.class, shape), tf.placeholder(TFloat32.class, shape));
  }

  private Operand<TFloat32> losses(
      Ops tf, Operand<TFloat32> scores, Operand<TInt32> labels, int[] allLabels) {
    SoftmaxCrossEntropyWithLogits<TFloat32> entropy =
        tf.nn.softmaxCrossEntropyWithLogits(scores, targets(tf, labels));
    return weighted(tf, entropy.loss(), labels, allLabels);
  }

  /** The losses of images that show two classes: those of each, by its share. */
  private Operand<TFloat32> mixed(
      Ops tf,
      Operand<TFloat32> losses,
      Operand<TFloat32> scores,
      SecondLabels second,
      int[] allLabels) {
    Operand<TFloat32> others = losses(tf, scores, second.labels(), allLabels);
    return tf.math.add(losses, tf.math.mul(second.shares(), tf.math.sub(others, losses)));
  }

  private List<Op> updates(Ops tf, Operand<TFloat32> loss) {
    List<Op> updates = new ArrayList<>(variables.takeUpdates());
    List<Variable> trained = variables.trained();
    List<Operand<TFloat32>> gradients =
        new Gradients(tf, trained, variables.takeConvolutions()).of(graph, loss);
    for (int i = 0; i < trained.size(); i++) {
      Variable variable = trained.get(i);
      updates.add(update.step(variable, penalised(tf, variable, gradients.get(i))));
    }
    updates.addAll(update.once());
    return updates;
  }

  /** The loss of an image counts as its class does. */
  private Operand<TFloat32> weighted(
      Ops tf, Operand<TFloat32> losses, Operand<TInt32> labels, int[] allLabels) {
    if (recipe.balance() != Balance.WEIGHTS) {
      return losses;
    }
    float[] weights = ClassWeights.of(allLabels, classes);
    return tf.math.mul(losses, tf.gather(tf.constant(weights), labels, tf.constant(0)));
  }

  /** The gradient of the loss and of what the recipe takes for large kernels. */
  private Operand<TFloat32> penalised(Ops tf, Variable variable, Operand<TFloat32> gradient) {
    if (variable.parameter().role() != Role.KERNEL) {
      return gradient;
    }
    Operand<TFloat32> sum = gradient;
    if (recipe.objective().l2() > 0) {
      Operand<TFloat32> twice = tf.constant((float) (2 * recipe.objective().l2()));
      sum = tf.math.add(sum, tf.math.mul(variable.value(), twice));
    }
    if (recipe.objective().l1() > 0) {
      Operand<TFloat32> once = tf.constant((float) recipe.objective().l1());
      sum = tf.math.add(sum, tf.math.mul(tf.math.sign(variable.value()), once));
    }
    return sum;
  }

  private Operand<TFloat32> targets(Ops tf, Operand<TInt32> labels) {
    float spread = (float) (recipe.objective().labelSmoothing() / classes);
    float hit = (float) (1 - recipe.objective().labelSmoothing()) + spread;
    return tf.oneHot(labels, tf.constant(classes), tf.constant(hit), tf.constant(spread));
  }

  /**
   * One step of the optimiser.
   *
   * @param number of the step, from 0
   * @param progress part of the run that is done, 0 to 1
   */
  public Step step(Batch batch, long number, double progress) {
    return step(batch, number, progress, List.of());
  }

  /**
   * One step of the optimiser, whose rate may depend on how the run has gone so far.
   *
   * @param number of the step, from 0
   * @param progress part of the run that is done, 0 to 1
   * @param heldOutLosses mean loss on images that are not trained on, one an epoch so far
   */
  public Step step(Batch batch, long number, double progress, List<Double> heldOutLosses) {
    Tower tower = towers.get((int) batch.images().shape().get(1));
    if (tower.second().isPresent() != batch.second().isPresent()) {
      throw new IllegalArgumentException(
          "recipe '%s' mixes images: %s; the batch has second labels: %s"
              .formatted(recipe.name(), tower.second().isPresent(), batch.second().isPresent()));
    }
    Session.Runner runner =
        session.runner().feed(tower.images(), batch.images()).feed(tower.labels(), batch.labels());
    tower
        .second()
        .ifPresent(
            second -> {
              Batch.Second mixed = batch.second().orElseThrow();
              runner.feed(second.labels(), mixed.labels()).feed(second.shares(), mixed.shares());
            });
    runner.fetch(tower.loss()).fetch(tower.correct());
    tower.updates().forEach(runner::addTarget);
    double scheduled = recipe.schedule().factor(progress, heldOutLosses);
    Step step;
    try (TFloat32 rate = TFloat32.scalarOf((float) scheduled);
        TInt64 drawn = TInt64.vectorOf(seed, number)) {
      variables.noise().ifPresent(noise -> runner.feed(noise, drawn));
      try (Result result = runner.feed(factor, rate).run()) {
        step = new Step(((TFloat32) result.get(0)).getFloat(), ((TInt32) result.get(1)).getInt());
      }
    }
    lookahead.ifPresent(slow -> slow.afterStep(session, number, progress));
    return step;
  }

  /** A copy of the present weights. */
  public Weights weights() {
    return variables.read(session);
  }

  /** A copy of everything that steps change: weights, momenta, averages. */
  public Weights state() {
    return variables.readAll(session);
  }

  /**
   * Sets everything that steps change.
   *
   * @param state as {@link #state()} gave it, of a graph of the same recipe
   * @throws IllegalArgumentException if it is that of another network or optimiser
   */
  public void restore(Weights state) {
    variables.restore(session, state);
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
