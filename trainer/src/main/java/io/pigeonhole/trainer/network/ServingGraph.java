package io.pigeonhole.trainer.network;

import io.pigeonhole.trainer.data.Images;
import io.pigeonhole.trainer.recipe.Recipe;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/** The network as it is served: bytes in, scores and probabilities out, weights as constants. */
public final class ServingGraph implements AutoCloseable {

  private final Graph graph = new Graph();
  private final Session session = new Session(graph);
  private final Placeholder<TUint8> images;
  private final Operand<TFloat32> scores;
  private final Operand<TFloat32> probabilities;

  /**
   * Builds the graph of a recipe's network.
   *
   * @param temperature that the scores are divided by before the softmax
   * @param precision of what flows between the rows
   * @param half whether kernels are stored in two bytes a value
   */
  public ServingGraph(
      Recipe recipe, Weights weights, double temperature, Precision precision, boolean half) {
    Ops tf = Ops.create(graph);
    Network network = Network.of(recipe);
    Constants constants = new Constants(tf, weights.folded(network), half);
    images =
        tf.withName("images")
            .placeholder(
                TUint8.class,
                Placeholder.shape(Shape.of(-1, recipe.size(), recipe.size(), Images.CHANNELS)));
    List<View> views = views(tf, recipe);
    scores =
        views.size() == 1
            ? network.scores(tf, images, constants, precision.type())
            : meanOfViews(tf, network, constants, precision, views);
    probabilities =
        tf.withName("probabilities")
            .nn
            .softmax(tf.math.mul(scores, tf.constant((float) (1 / temperature))));
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

  /** All views go through the network as one batch: small ones take hardly longer than one. */
  private static Operand<TFloat32> meanOfViews(
      Ops tf, Network network, Constants constants, Precision precision, List<View> views) {
    Operand<TUint8> all = tf.concat(views.stream().map(View::images).toList(), tf.constant(0));
    Operand<TFloat32> rows = network.scores(tf, all, constants, precision.type());
    Operand<TFloat32> byView =
        tf.reshape(rows, tf.constant(new int[] {views.size(), -1, network.classes()}));
    if (views.stream().allMatch(view -> view.part() == views.get(0).part())) {
      return tf.math.mean(byView, tf.constant(0));
    }
    float[][][] parts = new float[views.size()][1][1];
    for (int i = 0; i < parts.length; i++) {
      parts[i][0][0] = views.get(i).part();
    }
    return tf.sum(tf.math.mul(byView, tf.constant(parts)), tf.constant(0));
  }

  /** Unnormalised class scores before temperature, {@code [count][classes]}. */
  public float[][] scores(Images set, int batch) {
    return run(set, batch, scores);
  }

  private float[][] run(Images set, int batch, Operand<TFloat32> output) {
    float[][] rows = new float[set.count()][set.classes().size()];
    for (int from = 0; from < set.count(); from += batch) {
      int to = Math.min(set.count(), from + batch);
      Shape shape = Shape.of(to - from, set.size(), set.size(), Images.CHANNELS);
      try (TUint8 fed = TUint8.tensorOf(shape, DataBuffers.of(set.read(from, to)));
          Result result = session.runner().feed(images, fed).fetch(output).run()) {
        var buffer = ((TFloat32) result.get(0)).asRawTensor().data().asFloats();
        for (int row = 0; row < to - from; row++) {
          buffer.offset((long) row * rows[0].length).read(rows[from + row]);
        }
      }
    }
    return rows;
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

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
