package io.pigeonhole.trainer.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

class SideBySideTest {

  @ParameterizedTest
  @CsvSource({"8,7,8", "4,7,4", "32,3,16", "6,5,2", "7,3,1", "64,2,16", "4,12,1"})
  void laysAsManyImagesSideBySideAsPays(int batch, int side, int images) {
    assertThat(SideBySide.images(Shape.of(batch, side, side, 8))).isEqualTo(images);
  }

  @ParameterizedTest
  @CsvSource({"8,7,SAME", "16,3,SAME", "6,5,SAME", "32,2,SAME", "8,6,VALID", "12,8,VALID"})
  void givesTensorFlowsOwnGradient(int batch, int side, String padding) {
    int in = 5;
    int out = 4;
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> images = random(tf, Shape.of(batch, side, side, in));
      int made = padding.equals("SAME") ? side : side - 2;
      Operand<TFloat32> gradient = random(tf, Shape.of(batch, made, made, out));
      Operand<TFloat32> own =
          tf.nn.conv2dBackpropFilter(
              images,
              tf.constant(new int[] {3, 3, in, out}),
              gradient,
              List.of(1L, 1L, 1L, 1L),
              padding);
      Operand<TFloat32> laid =
          SideBySide.kernelGradient(tf, images, gradient, Shape.of(3, 3, in, out));
      try (Session session = new Session(graph);
          Result result = session.runner().fetch(own).fetch(laid).run()) {
        assertThat(Floats.of(result, 1)).containsExactly(Floats.of(result, 0), within(1e-3f));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"16,3", "6,5", "32,2", "4,1"})
  void convolvesAsTensorFlowDoesAndBack(int batch, int side) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> images = random(tf, Shape.of(batch, side, side, 5));
      Operand<TFloat32> kernel = random(tf, Shape.of(3, 3, 5, 4));
      assertThat(SideBySide.paysForward(images.shape(), kernel.shape())).isTrue();
      Operand<TFloat32> own = tf.nn.conv2d(images, kernel, List.of(1L, 1L, 1L, 1L), "SAME");
      Operand<TFloat32> laid = SideBySide.conv(tf, images, kernel);
      List<Operand<?>> fetched = new ArrayList<>();
      for (Operand<TFloat32> each : List.of(own, laid)) {
        Operand<TFloat32> loss =
            tf.math.mean(tf.math.square(each), tf.constant(new int[] {0, 1, 2, 3}));
        fetched.add(each);
        Output<?>[] to = {images.asOutput(), kernel.asOutput()};
        fetched.addAll(List.of(graph.addGradients(loss.asOutput(), to)));
      }
      try (Session session = new Session(graph)) {
        Session.Runner runner = session.runner();
        fetched.forEach(runner::fetch);
        try (Result result = runner.run()) {
          for (int i = 0; i < 3; i++) {
            assertThat(Floats.of(result, 3 + i))
                .containsExactly(Floats.of(result, i), within(1e-3f));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"8,3,3,true", "8,6,3,false", "7,3,3,false", "8,3,1,false"})
  void convolvesOnlySmallImagesOfEvenBatches(int batch, int side, int kernel, boolean pays) {
    Shape images = Shape.of(batch, side, side, 16);
    Shape kernels = Shape.of(kernel, kernel, 16, 16);
    assertThat(SideBySide.paysForward(images, kernels)).isEqualTo(pays);
  }

  @ParameterizedTest
  @CsvSource({"3,8,true", "3,6,true", "3,4,false", "5,8,false", "1,8,false"})
  void isForThreeByThreeKernels(int kernel, int made, boolean pays) {
    Shape in = Shape.of(32, 8, 8, 16);
    Shape kernels = Shape.of(kernel, kernel, 16, 16);
    assertThat(SideBySide.paysForGradient(in, kernels, Shape.of(32, made, made, 16)))
        .isEqualTo(pays);
  }

  private static Operand<TFloat32> random(Ops tf, Shape shape) {
    Random random = new Random(shape.size());
    float[] numbers = new float[Math.toIntExact(shape.size())];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return tf.constant(shape, DataBuffers.of(numbers));
  }
}
