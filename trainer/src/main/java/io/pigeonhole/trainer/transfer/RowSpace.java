package io.pigeonhole.trainer.transfer;

import io.pigeonhole.trainer.network.HeadGraph.Axes;
import java.util.Arrays;
import org.tensorflow.EagerSession;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TFloat32;

/**
 * The space that rows of features span.
 *
 * @param axes of the space, as many as there are rows
 * @param coordinates of the rows along them, {@code [rows][axes]}
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record RowSpace(Axes axes, float[] coordinates) {

  /**
   * Added to the squared length of each row, as a part of their mean: rows of float32 that are
   * alike are none, and their matrix could not be decomposed.
   */
  private static final float APART = 1e-3f;

  /**
   * Finds axes, by the Cholesky decomposition of the products of the rows: {@code X·Xᵀ = L·Lᵀ}
   * makes the rows of {@code L⁻¹·X} such.
   *
   * @param rows all of them, one after the other
   */
  static RowSpace of(float[] rows, int count) {
    try (EagerSession session = EagerSession.create()) {
      Ops tf = Ops.create(session);
      int width = rows.length / count;
      Operand<TFloat32> all = tf.constant(Shape.of(count, width), DataBuffers.of(rows));
      Operand<TFloat32> products = tf.linalg.matMul(all, all, MatMul.transposeB(true));
      double squares = 0;
      for (float value : rows) {
        squares += (double) value * value;
      }
      float[] apart = new float[count];
      Arrays.fill(apart, (float) (APART * squares / count));
      Operand<TFloat32> decomposed =
          tf.linalg.cholesky(tf.math.add(products, tf.linalg.tensorDiag(tf.constant(apart))));
      Operand<TFloat32> axes = tf.linalg.triangularSolve(decomposed, all);
      Operand<TFloat32> coordinates = tf.linalg.matMul(all, axes, MatMul.transposeB(true));
      return new RowSpace(new Axes(floats(axes), count), floats(coordinates));
    }
  }

  private static float[] floats(Operand<TFloat32> operand) {
    TFloat32 tensor = operand.asTensor();
    float[] numbers = new float[Math.toIntExact(tensor.size())];
    tensor.asRawTensor().data().asFloats().read(numbers);
    return numbers;
  }
}
