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
    Network network = Network.of(recipe.layers(), recipe.size(), Images.CHANNELS);
    Constants constants = new Constants(tf, weights.folded(network), half);
    images =
        tf.withName("images")
            .placeholder(
                TUint8.class,
                Placeholder.shape(Shape.of(-1, recipe.size(), recipe.size(), Images.CHANNELS)));
    scores =
        recipe.mirrored()
            ? meanOfBothSides(tf, network, constants, precision)
            : network.scores(tf, images, constants, precision.type());
    probabilities =
        tf.withName("probabilities")
            .nn
            .softmax(tf.math.mul(scores, tf.constant((float) (1 / temperature))));
  }

  /** Both sides go through the network as one batch: small ones take hardly longer than one. */
  private Operand<TFloat32> meanOfBothSides(
      Ops tf, Network network, Constants constants, Precision precision) {
    Operand<TUint8> mirrored = tf.reverse(images, tf.constant(new int[] {2}));
    Operand<TUint8> both = tf.concat(List.of(images, mirrored), tf.constant(0));
    Operand<TFloat32> rows = network.scores(tf, both, constants, precision.type());
    return tf.math.mean(
        tf.reshape(rows, tf.constant(new int[] {2, -1, network.classes()})), tf.constant(0));
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
