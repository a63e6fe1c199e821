package io.pigeonhole.trainer.base;

import io.pigeonhole.trainer.recipe.BaseGraph;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/** A base of nothing but means: of patches of an image, then of the image. */
public final class PatchMeans {

  /** Side of a patch. */
  static final int PATCH = 16;

  private static final int SIDE = 64;
  private static final int CHANNELS = 3;

  private PatchMeans() {}

  /** For images of 64×64, or of any other size. */
  public static BaseGraph base() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Operand<TUint8> images =
          tf.withName("images")
              .placeholder(TUint8.class, Placeholder.shape(Shape.of(-1, -1, -1, CHANNELS)));
      List<Long> patch = List.of(1L, (long) PATCH, (long) PATCH, 1L);
      Operand<TFloat32> maps =
          tf.nn.avgPool(tf.dtypes.cast(images, TFloat32.class), patch, patch, "VALID");
      tf.withName("features").math.mean(maps, tf.constant(new int[] {1, 2}));
      return new BaseGraph(graph.toGraphDef(), "images", "features", SIDE, CHANNELS);
    }
  }
}
