package io.pigeonhole.trainer.transfer;

import io.pigeonhole.trainer.network.Floats;
import io.pigeonhole.trainer.network.Gpus;
import io.pigeonhole.trainer.network.HeadGraph.Scaling;
import java.util.stream.IntStream;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.op.linalg.TriangularSolve;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * One dense row that makes the squares of the differences from rows with a one at the class, and
 * its kernel, small: solved exactly, and by products of the rows of features (the dual form of C.
 * Saunders et al., ICML 1998), for these are fewer than the features.
 */
final class RidgeRegression implements AutoCloseable {

  /**
   * What the row answers for its class, and 0 for others: scores for a softmax. Held-out images
   * correct it, few of them less.
   */
  private static final float SURE = 8;

  /**
   * Added to the penalty, as a part of the trace before the mean is taken away, which no eigenvalue
   * exceeds: float32 rounds off as much, and a matrix that is no longer positive has no root.
   */
  private static final float ROUNDED = 1e-6f;

  private final Features features;
  private final int classes;
  private final TFloat32 rows;
  private final TFloat32 products;
  private final Graph graph = new Graph();
  private final Session session;
  private final Placeholder<TFloat32> allRows;
  private final Placeholder<TFloat32> allProducts;
  private final Placeholder<TInt32> places;
  private final Placeholder<TFloat32> roots;
  private final Placeholder<TFloat32> targets;
  private final Placeholder<TFloat32> penalty;
  private final Placeholder<TFloat32> parts;
  private final Operand<TFloat32> solved;
  private final Operand<TFloat32> kernel;
  private final Operand<TFloat32> answers;

  /**
   * Multiplies the rows.
   *
   * @param features of {@linkplain TransferRun#isFew few} images
   * @param scaling of the features that the kernel is for
   */
  RidgeRegression(Features features, Scaling scaling, int classes) {
    this.features = features;
    this.classes = classes;
    this.rows = features.scaled(scaling);
    Ops tf = Ops.create(graph);
    allRows = tf.placeholder(TFloat32.class);
    allProducts = tf.placeholder(TFloat32.class);
    places = tf.placeholder(TInt32.class);
    roots = tf.placeholder(TFloat32.class);
    targets = tf.placeholder(TFloat32.class);
    penalty = tf.placeholder(TFloat32.class);
    parts = tf.placeholder(TFloat32.class);
    solved = solved(tf);
    kernel = tf.linalg.matMul(allRows, parts, MatMul.transposeA(true));
    answers = tf.linalg.matMul(allProducts, parts);
    session = new Session(graph, Gpus.none()); // whose products would be rounded more
    Operand<TFloat32> squares = tf.linalg.matMul(allRows, allRows, MatMul.transposeB(true));
    products = (TFloat32) session.runner().feed(allRows, rows).fetch(squares).run().get(0);
  }

  /** What each of some rows adds to the kernel, {@code [m, classes]}. */
  private Operand<TFloat32> solved(Ops tf) {
    Operand<TInt32> first = tf.constant(0);
    Operand<TFloat32> some =
        tf.gather(tf.gather(allProducts, places, first), places, tf.constant(1));
    Operand<TFloat32> counts = tf.math.square(roots);
    Operand<TFloat32> withMean = tf.linalg.matMul(some, counts);
    Operand<TFloat32> ofMean = tf.linalg.matMul(counts, withMean, MatMul.transposeA(true));
    Operand<TFloat32> centred =
        tf.math.add(tf.math.sub(tf.math.sub(some, withMean), transposed(tf, withMean)), ofMean);
    Operand<TFloat32> weighed = tf.math.mul(tf.math.mul(centred, roots), transposed(tf, roots));
    Operand<TFloat32> diagonal = tf.linalg.tensorDiagPart(weighed);
    Operand<TFloat32> least =
        tf.math.add(
            tf.math.mul(lengths(tf, some, counts), tf.constant(ROUNDED)),
            tf.constant(Float.MIN_NORMAL));
    Operand<TFloat32> raised =
        tf.linalg.matrixSetDiag(weighed, tf.math.add(diagonal, tf.math.add(penalty, least)), first);
    Operand<TFloat32> decomposed = tf.linalg.cholesky(raised);
    Operand<TFloat32> mean = tf.linalg.matMul(counts, targets, MatMul.transposeA(true));
    Operand<TFloat32> apart = tf.math.mul(tf.math.sub(targets, mean), roots);
    Operand<TFloat32> half = tf.linalg.triangularSolve(decomposed, apart);
    Operand<TFloat32> whole =
        tf.linalg.triangularSolve(decomposed, half, TriangularSolve.adjoint(true));
    Operand<TFloat32> each = tf.math.mul(whole, roots);
    return tf.math.sub(each, tf.math.mul(counts, tf.sum(each, first)));
  }

  /** The squared length of a row on average, which is what was rounded. */
  private static Operand<TFloat32> lengths(
      Ops tf, Operand<TFloat32> products, Operand<TFloat32> counts) {
    Operand<TFloat32> squares = tf.linalg.tensorDiagPart(products);
    return tf.sum(
        tf.math.mul(squares, tf.reshape(counts, tf.constant(new int[] {-1}))), tf.constant(0));
  }

  private static Operand<TFloat32> transposed(Ops tf, Operand<TFloat32> column) {
    return tf.reshape(column, tf.constant(new int[] {1, -1}));
  }

  /**
   * The kernel, {@code [features][classes]}, and the biases after it.
   *
   * @param l2 factor on the sum of the squares of the kernel
   * @param weights what each image counts; those of 0 are left out
   */
  double[] minimum(double l2, float[] weights) {
    int views = features.views();
    int[] counted =
        IntStream.range(0, weights.length * views)
            .filter(row -> weights[row / views] > 0)
            .toArray();
    double all = 0;
    for (int row : counted) {
      all += weights[row / views];
    }
    float[] root = new float[counted.length];
    float[] target = new float[counted.length * classes];
    double[] mean = new double[classes];
    for (int i = 0; i < counted.length; i++) {
      int image = counted[i] / views;
      double count = weights[image] / all;
      root[i] = (float) Math.sqrt(count);
      target[i * classes + features.labels()[image]] = SURE;
      mean[features.labels()[image]] += SURE * count;
    }
    float[] parts = parts(l2, counted, root, target);
    double[] kernelAndBiases = new double[features.count() * classes + classes];
    Shape shape = Shape.of(weights.length * (long) views, classes);
    try (TFloat32 fed = TFloat32.tensorOf(shape, DataBuffers.of(parts));
        Result result =
            session
                .runner()
                .feed(allRows, rows)
                .feed(allProducts, products)
                .feed(this.parts, fed)
                .fetch(kernel)
                .fetch(answers)
                .run()) {
      float[] numbers = Floats.of(result, 0);
      for (int i = 0; i < numbers.length; i++) {
        kernelAndBiases[i] = numbers[i];
      }
      float[] answered = Floats.of(result, 1);
      for (int i = 0; i < counted.length; i++) {
        for (int label = 0; label < classes; label++) {
          mean[label] -= (double) root[i] * root[i] * answered[counted[i] * classes + label];
        }
      }
    }
    System.arraycopy(mean, 0, kernelAndBiases, features.count() * classes, classes);
    return kernelAndBiases;
  }

  /** What each row adds to the kernel, {@code [rows][classes]}. */
  private float[] parts(double l2, int[] counted, float[] root, float[] target) {
    Shape column = Shape.of(counted.length, 1);
    try (TInt32 fedPlaces = TInt32.vectorOf(counted);
        TFloat32 fedRoots = TFloat32.tensorOf(column, DataBuffers.of(root));
        TFloat32 fedTargets =
            TFloat32.tensorOf(Shape.of(counted.length, classes), DataBuffers.of(target));
        TFloat32 fedPenalty = TFloat32.scalarOf((float) l2);
        Result result =
            session
                .runner()
                .feed(allProducts, products)
                .feed(places, fedPlaces)
                .feed(roots, fedRoots)
                .feed(targets, fedTargets)
                .feed(penalty, fedPenalty)
                .fetch(solved)
                .run()) {
      float[] some = Floats.of(result, 0);
      float[] all = new float[features.labels().length * features.views() * classes];
      for (int i = 0; i < counted.length; i++) {
        System.arraycopy(some, i * classes, all, counted[i] * classes, classes);
      }
      return all;
    }
  }

  @Override
  public void close() {
    rows.close();
    products.close();
    session.close();
    graph.close();
  }
}
