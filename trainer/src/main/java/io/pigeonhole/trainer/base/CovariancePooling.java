package io.pigeonhole.trainer.base;

import io.pigeonhole.model.ModelRefusedException;
import io.pigeonhole.trainer.network.Tensors;
import io.pigeonhole.trainer.recipe.BaseGraph;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Sum;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.types.TFloat32;

/**
 * More features of a base: which channels of its inner maps are strong in the same places (T. Lin
 * et al., arXiv:1504.07889; no mean is taken away before), as the square root of that matrix, which
 * a few multiplications come near to (P. Li et al., arXiv:1712.01034). The means of the last maps
 * say which things of ImageNet are in the picture; these say what its surfaces are like, and a head
 * tells classes apart by them that ImageNet does not have.
 */
public final class CovariancePooling {

  /** Channels of a map, above which it is projected: the features grow with their square. */
  private static final int WIDEST = 128;

  /** Steps towards the root; with more, nothing gets better (arXiv:1712.01034, section 4.3). */
  private static final int STEPS = 5;

  private static final float LEAST = 1e-12f;
  private static final long SEED = 1;
  private static final String MULTIPLICATION = "BatchMatMulV2";

  /** Of the node that has all features, by which a model that was published with them is known. */
  private static final String TOGETHER = "with_covariances";

  private final Graph graph = new Graph();
  private final Ops tf = Ops.create(graph);

  private CovariancePooling() {}

  /**
   * Adds them. A base without maps of a sixteenth of the image's side, or that has such features
   * already, stays as it is.
   *
   * @param side of the images; the base takes no others then
   * @throws ModelRefusedException if the base cannot take images of that side
   */
  public static BaseGraph of(BaseGraph base, int side) throws ModelRefusedException {
    CovariancePooling pooling = new CovariancePooling();
    try (pooling.graph) {
      pooling.graph.importGraphDef(ofSide(base, side));
      Optional<BaseGraph> there = pooling.there(base);
      if (there.isPresent()) {
        return there.get();
      }
      List<InnerMaps> maps = InnerMaps.of(base, pooling.graph, side);
      return maps.isEmpty() ? base : pooling.added(base, maps, side);
    } catch (TensorFlowException | IllegalArgumentException e) {
      throw new ModelRefusedException(
          "it does not take images of %d×%d: %s"
              .formatted(side, side, SavedModelImport.firstLine(e)),
          e);
    }
  }

  /** The base, if its features are those of one, with covariances, already. */
  private Optional<BaseGraph> there(BaseGraph base) {
    return base.graph().getNodeList().stream()
        .filter(node -> node.getOp().equals("ConcatV2") && node.getName().endsWith(TOGETHER))
        .filter(node -> graph.operation(node.getName()).output(0).shape().get(1) == base.count())
        .map(node -> graph.operation(Tensors.node(node.getInput(0))).output(0).shape().get(1))
        .filter(own -> own > 0)
        .findFirst()
        .map(
            own ->
                new BaseGraph(
                    base.graph(),
                    base.images(),
                    base.features(),
                    base.size(),
                    base.count(),
                    Math.toIntExact(own)));
  }

  /** With the side of the images in its placeholder, from which TensorFlow infers all others. */
  private static GraphDef ofSide(BaseGraph base, int side) {
    GraphDef.Builder sided = base.graph().toBuilder();
    Shape shape = Shape.of(-1, side, side, 3);
    sided.getNodeBuilderList().stream()
        .filter(node -> node.getName().equals(base.images()))
        .forEach(
            node ->
                node.putAttr(
                    "shape", AttrValue.newBuilder().setShape(Tensors.shape(shape)).build()));
    return sided.build();
  }

  private BaseGraph added(BaseGraph base, List<InnerMaps> maps, int side)
      throws ModelRefusedException {
    List<Operand<TFloat32>> all = new ArrayList<>();
    all.add(graph.operation(base.features()).output(0));
    maps.forEach(each -> all.add(features(each)));
    Operand<TFloat32> together = tf.withName(TOGETHER).concat(all, tf.constant(1));
    BaseGraph tried =
        TriedBase.of(
            new BaseGraph(graph.toGraphDef(), base.images(), together.op().name(), side, 0));
    return new BaseGraph(
        tried.graph(), tried.images(), tried.features(), side, tried.count(), base.count());
  }

  /** {@code [n, c·(c+1)/2]}: one half of the matrix, for the other is the same. */
  private Operand<TFloat32> features(InnerMaps maps) {
    Operand<TFloat32> root = root(covariance(maps));
    int channels = Math.toIntExact(root.shape().get(1));
    int[] half = new int[channels * (channels + 1) / 2];
    int at = 0;
    for (int row = 0; row < channels; row++) {
      for (int column = row; column < channels; column++) {
        half[at++] = row * channels + column;
      }
    }
    Operand<TFloat32> all = tf.reshape(root, tf.constant(new int[] {-1, channels * channels}));
    return tf.gather(all, tf.constant(half), tf.constant(1));
  }

  /** {@code [n, c, c]}, of trace 1. */
  private Operand<TFloat32> covariance(InnerMaps maps) {
    int places = maps.height() * maps.width();
    Operand<TFloat32> rows =
        tf.reshape(maps.values(), tf.constant(new int[] {-1, places, maps.channels()}));
    if (maps.channels() > WIDEST) {
      rows = product(rows, projection(maps.channels()), false);
    }
    Operand<TFloat32> sums = product(rows, rows, true);
    Operand<TFloat32> trace =
        tf.sum(tf.math.square(rows), tf.constant(new int[] {1, 2}), Sum.keepDims(true));
    return tf.math.div(sums, tf.math.maximum(trace, tf.constant(LEAST)));
  }

  /** Random directions keep the angles between channels (W. Johnson, J. Lindenstrauss, 1984). */
  private Operand<TFloat32> projection(int channels) {
    Random random = new Random(SEED);
    float[] numbers = new float[channels * WIDEST];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) (random.nextGaussian() / Math.sqrt(WIDEST));
    }
    return tf.constant(Shape.of(channels, WIDEST), DataBuffers.of(numbers));
  }

  /** Of matrices whose eigenvalues are from 0 to 1, by Newton's iteration after G. Schulz. */
  private Operand<TFloat32> root(Operand<TFloat32> matrices) {
    int side = Math.toIntExact(matrices.shape().get(1));
    Operand<TFloat32> threeHalves =
        tf.constant(Shape.of(side, side), DataBuffers.of(diagonal(side)));
    Operand<TFloat32> half = tf.constant(0.5f);
    Operand<TFloat32> turn = tf.math.sub(threeHalves, tf.math.mul(matrices, half));
    Operand<TFloat32> root = product(matrices, turn, false);
    Operand<TFloat32> inverse = turn;
    for (int step = 1; step < STEPS; step++) {
      turn = tf.math.sub(threeHalves, tf.math.mul(product(inverse, root, false), half));
      root = product(root, turn, false);
      inverse = step + 1 < STEPS ? product(turn, inverse, false) : inverse;
    }
    return root;
  }

  private static float[] diagonal(int side) {
    float[] numbers = new float[side * side];
    for (int i = 0; i < side; i++) {
      numbers[i * side + i] = 1.5f;
    }
    return numbers;
  }

  /** The second version of the operation: the newer one has no kernel for float32. */
  private Operand<TFloat32> product(
      Operand<TFloat32> left, Operand<TFloat32> right, boolean transposed) {
    return tf.scope()
        .opBuilder(MULTIPLICATION, "Product")
        .addInput(left.asOutput())
        .addInput(right.asOutput())
        .setAttr("adj_x", transposed)
        .build()
        .<TFloat32>output(0);
  }
}
