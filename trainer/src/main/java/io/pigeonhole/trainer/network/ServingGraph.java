package io.pigeonhole.trainer.network;

import io.pigeonhole.trainer.data.Images;
import io.pigeonhole.trainer.recipe.Recipe;
import java.util.List;
import java.util.Optional;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/** The network as it is served: bytes in, scores and probabilities out, weights as constants. */
public final class ServingGraph implements AutoCloseable {

  private final Graph graph = new Graph();
  private final Session session = new Session(graph);
  private final Placeholder<TUint8> images;
  private final Operand<TFloat32> scores;
  private final Operand<TFloat32> likeness;
  private final Optional<Operand<TFloat32>> features;
  private final Operand<TFloat32> probabilities;
  private final Optional<Operand<TFloat32>> novelty;

  /** Builds the graph of a recipe's network that does not say how novel images are. */
  public ServingGraph(
      Recipe recipe, Weights weights, double temperature, Precision precision, boolean half) {
    this(recipe, weights, temperature, precision, half, Optional.empty());
  }

  /**
   * Builds the graph of a recipe's network.
   *
   * @param temperature that the scores are divided by before the softmax
   * @param precision of what flows between the rows
   * @param half whether kernels are stored in two bytes a value
   * @param known what the novelty of images is measured by
   */
  public ServingGraph(
      Recipe recipe,
      Weights weights,
      double temperature,
      Precision precision,
      boolean half,
      Optional<Novelty> known) {
    Ops tf = Ops.create(graph);
    Network network = Network.of(recipe);
    Constants constants = new Constants(tf, weights.folded(network), half);
    images =
        tf.withName("images")
            .placeholder(
                TUint8.class,
                Placeholder.shape(Shape.of(-1, recipe.size(), recipe.size(), Images.CHANNELS)));
    List<View> views = views(tf, recipe);
    Operand<TUint8> all =
        views.size() == 1
            ? images
            : tf.concat(views.stream().map(View::images).toList(), tf.constant(0));
    Network.Answers answers = network.answers(tf, all, constants, precision.type());
    features = answers.features().map(rows -> ofFirstView(tf, rows, views.size()));
    scores = meanOfViews(tf, answers.scores(), network.classes(), views);
    likeness = meanOfViews(tf, likeness(tf, answers.scores()), 1, views);
    probabilities =
        tf.withName("probabilities")
            .nn
            .softmax(tf.math.mul(scores, tf.constant((float) (1 / temperature))));
    novelty =
        known.map(each -> tf.withName("novelty").identity(each.answer(tf, likeness, features)));
  }

  /**
   * A picture of the served image and its part of the answer. All parts sum up to 1.
   *
   * @param images of the whole batch
   */
  private record View(Operand<TUint8> images, float part) {}

  private List<View> views(Ops tf, Recipe recipe) {
    return switch (recipe.views()) {
      case ONE -> List.of(new View(images, 1));
      case MIRRORED -> List.of(new View(images, 1 / 2f), new View(mirrored(tf, images), 1 / 2f));
      case SHIFTED -> {
        int size = recipe.size();
        int[][] border = {{0, 0}, {1, 1}, {1, 1}, {0, 0}};
        Operand<TUint8> padded = tf.mirrorPad(images, tf.constant(border), "REFLECT");
        Operand<TUint8> upLeft = part(tf, padded, 0, size);
        Operand<TUint8> downRight = part(tf, padded, 2, size);
        yield List.of(
            new View(images, 1 / 4f),
            new View(mirrored(tf, images), 1 / 4f),
            new View(upLeft, 1 / 8f),
            new View(mirrored(tf, upLeft), 1 / 8f),
            new View(downRight, 1 / 8f),
            new View(mirrored(tf, downRight), 1 / 8f));
      }
    };
  }

  private static Operand<TUint8> mirrored(Ops tf, Operand<TUint8> images) {
    return tf.reverse(images, tf.constant(new int[] {2}));
  }

  private static Operand<TUint8> part(Ops tf, Operand<TUint8> images, int from, int size) {
    return tf.slice(
        images,
        tf.constant(new int[] {0, from, from, 0}),
        tf.constant(new int[] {-1, size, size, Images.CHANNELS}));
  }

  /** Minus the standard deviation of each row, {@code [n, 1]}. */
  private static Operand<TFloat32> likeness(Ops tf, Operand<TFloat32> rows) {
    Operand<TFloat32> mean = tf.math.mean(rows, tf.constant(1), Mean.keepDims(true));
    Operand<TFloat32> squares = tf.math.squaredDifference(rows, mean);
    return tf.math.neg(tf.math.sqrt(tf.math.mean(squares, tf.constant(1), Mean.keepDims(true))));
  }

  /** All views go through the network as one batch: small ones take hardly longer than one. */
  private static Operand<TFloat32> meanOfViews(
      Ops tf, Operand<TFloat32> rows, int values, List<View> views) {
    if (views.size() == 1) {
      return rows;
    }
    Operand<TFloat32> byView = tf.reshape(rows, tf.constant(new int[] {views.size(), -1, values}));
    if (views.stream().allMatch(view -> view.part() == views.get(0).part())) {
      return tf.math.mean(byView, tf.constant(0));
    }
    float[][][] parts = new float[views.size()][1][1];
    for (int i = 0; i < parts.length; i++) {
      parts[i][0][0] = views.get(i).part();
    }
    return tf.sum(tf.math.mul(byView, tf.constant(parts)), tf.constant(0));
  }

  /** The features of the images as they are. */
  private static Operand<TFloat32> ofFirstView(Ops tf, Operand<TFloat32> rows, int views) {
    if (views == 1) {
      return rows;
    }
    int count = Math.toIntExact(rows.shape().get(1));
    Operand<TFloat32> byView = tf.reshape(rows, tf.constant(new int[] {views, -1, count}));
    Operand<TFloat32> first =
        tf.slice(byView, tf.constant(new int[3]), tf.constant(new int[] {1, -1, count}));
    return tf.reshape(first, tf.constant(new int[] {-1, count}));
  }

  /** Unnormalised class scores before temperature, {@code [count][classes]}. */
  public float[][] scores(Images set, int batch) {
    return run(set, batch, List.of(scores)).get(0);
  }

  /**
   * What the network says of images.
   *
   * @param scores before the temperature, {@code [count][classes]}
   * @param likeness of an image's scores: minus their standard deviation, the mean of all views
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Rows(float[][] scores, float[] likeness) {}

  /** Both of these of a set of images. */
  public Rows rows(Images set, int batch) {
    List<float[][]> both = run(set, batch, List.of(scores, likeness));
    float[] column = new float[set.count()];
    for (int i = 0; i < column.length; i++) {
      column[i] = both.get(1)[i][0];
    }
    return new Rows(both.get(0), column);
  }

  /** Features of a base, {@code [count][features]}; only where the network begins with one. */
  public float[][] features(Images set, int batch) {
    return run(set, batch, List.of(features.orElseThrow())).get(0);
  }

  private List<float[][]> run(Images set, int batch, List<Operand<TFloat32>> outputs) {
    List<float[][]> all =
        outputs.stream().map(output -> new float[set.count()][values(output)]).toList();
    for (int from = 0; from < set.count(); from += batch) {
      int to = Math.min(set.count(), from + batch);
      Shape shape = Shape.of(to - from, set.size(), set.size(), Images.CHANNELS);
      Session.Runner runner = session.runner();
      outputs.forEach(runner::fetch);
      try (TUint8 fed = TUint8.tensorOf(shape, DataBuffers.of(set.read(from, to)));
          Result result = runner.feed(images, fed).run()) {
        for (int output = 0; output < all.size(); output++) {
          int values = values(outputs.get(output));
          var buffer = ((TFloat32) result.get(output)).asRawTensor().data().asFloats();
          for (int row = 0; row < to - from; row++) {
            buffer.offset((long) row * values).read(all.get(output)[from + row]);
          }
        }
      }
    }
    return all;
  }

  private static int values(Operand<TFloat32> output) {
    return Math.toIntExact(output.asOutput().shape().get(1));
  }

  Graph graph() {
    return graph;
  }

  Session session() {
    return session;
  }

  Operand<TUint8> images() {
    return images;
  }

  Operand<TFloat32> probabilities() {
    return probabilities;
  }

  Optional<Operand<TFloat32>> novelty() {
    return novelty;
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
