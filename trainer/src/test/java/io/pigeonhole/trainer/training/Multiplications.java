package io.pigeonhole.trainer.training;

import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/**
 * What the machine can multiply: matrices large enough that nothing else takes time. Each line of
 * input, a number of products, is answered with {@code measured} and the floating-point operations
 * a second, and a second of processor time. Argument: precision.
 */
final class Multiplications {

  private static final int SIDE = 2048;

  private Multiplications() {}

  public static void main(String[] args) throws IOException {
    Shape shape = Shape.of(SIDE, SIDE);
    if (args[0].equals("BFLOAT16")) {
      multiply(TBfloat16.class, TBfloat16.tensorOf(shape, Multiplications::fill));
    } else {
      multiply(TFloat32.class, TFloat32.tensorOf(shape, Multiplications::fill));
    }
  }

  private static void fill(FloatNdArray matrix) {
    matrix.scalars().forEach(scalar -> scalar.setFloat(1));
  }

  private static <T extends TFloating> void multiply(Class<T> type, T ones) throws IOException {
    try (Graph graph = new Graph();
        Session session = new Session(graph);
        ones) {
      Ops tf = Ops.create(graph);
      Placeholder<T> matrix = tf.placeholder(type, Placeholder.shape(ones.shape()));
      Operand<T> product = tf.linalg.matMul(matrix, matrix);
      answer(session.runner().feed(matrix, ones).addTarget(product));
    }
  }

  private static void answer(Session.Runner multiply) throws IOException {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      int products = Integer.parseInt(line);
      double cpu = system.getProcessCpuTime();
      long start = System.nanoTime();
      for (int i = 0; i < products; i++) {
        multiply.run().close();
      }
      double operations = 2.0 * SIDE * SIDE * SIDE * products * 1e9;
      System.out.printf(
          Locale.ROOT,
          "measured %.0f %.0f%n",
          operations / (System.nanoTime() - start),
          operations / (system.getProcessCpuTime() - cpu));
    }
  }
}
