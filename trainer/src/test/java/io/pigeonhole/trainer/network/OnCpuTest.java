package io.pigeonhole.trainer.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.pigeonhole.trainer.data.ColouredShapes;
import io.pigeonhole.trainer.data.Downscaled;
import io.pigeonhole.trainer.data.Images;
import io.pigeonhole.trainer.network.Variables.Variable;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TFloating;

/**
 * Networks of bfloat16 are computed in other ways on a processor: the results are those of float32,
 * but for rounding, and for what rounding moves past a ReLU or to another pixel's maximum.
 */
class OnCpuTest {

  private static final int BATCH = 32;

  /** Convolutions of all kinds over images of 8, 4, 2 and 1 pixels. */
  private static final Network SMALL =
      Network.of(
          SmallRecipes.of(
              """
              input: {size: 8}
              network:
                - rescale
                - conv: {filters: 8, padding: same, pool: 2}
                - conv: {filters: 8, padding: same, residual: true, activation: gelu}
                - conv: {filters: 8, padding: same, size: 1}
                - conv: {filters: 8}
                - conv: {filters: 8, padding: same, activation: none}
                - conv: {filters: 8, padding: same, stride: 2}
                - conv: {filters: 8, padding: same}
                - flatten
                - dense: {units: classes}
              optimiser: {adam: {learning-rate: 0.01}}
              epochs: 1
              batch: 32
              """));

  private static final Network NORMALISED =
      Network.of(SmallRecipes.muon(1).layers(), 16, Images.CHANNELS);

  @ParameterizedTest
  @CsvSource({"8,1", "8,2", "16,1"})
  void computesTheSameScoresAndGradients(int size, int parts) {
    Bfloat16.assumeComputed();
    Network network = size == 8 ? SMALL : NORMALISED;
    Images images = Downscaled.of(ColouredShapes.images(BATCH, 1), size);
    List<float[]> expected = computed(network, images, parts, TFloat32.class);
    List<float[]> onCpu = computed(network, images, parts, TBfloat16.class);
    assertThat(onCpu).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(Floats.distance(onCpu.get(i), expected.get(i))).as("result %d", i).isLessThan(0.1);
    }
  }

  /** Of odd numbers, the library's routines for processors without AMX read past the last. */
  @ParameterizedTest
  @ValueSource(strings = {"filters: 8, padding: same", "filters: 5", "filters: 7, size: 1"})
  void convolvesEvenNumbersOfChannelsOnly(String first) {
    Network network =
        Network.of(
            SmallRecipes.of(
                """
                input: {size: 8}
                network:
                  - standardise
                  - whitening: {size: 2}
                  - conv: {%s}
                  - conv: {filters: 3, padding: same, pool: 2}
                  - conv: {filters: 8, padding: same}
                  - flatten
                  - dense: {units: classes}
                optimiser: {adam: {learning-rate: 0.01}}
                epochs: 1
                batch: 32
                """
                    .formatted(first)));
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Variables variables = new Variables(tf, network.parameters(), true);
      Placeholder<TUint8> pixels =
          tf.placeholder(TUint8.class, Placeholder.shape(Shape.of(BATCH, 8, 8, Images.CHANNELS)));
      Operand<TFloat32> scores = network.scores(tf, pixels, variables, TBfloat16.class);
      Operand<TFloat32> loss = tf.math.mean(tf.math.square(scores), tf.constant(new int[] {0, 1}));
      new Gradients(tf, variables.trained(), variables.takeConvolutions()).of(graph, loss);
      List<Shape> convolved = new ArrayList<>();
      graph
          .operations()
          .forEachRemaining(
              operation -> {
                if (operation.type().startsWith("Conv2D")) {
                  operation.inputs().stream()
                      .map(Operand::shape)
                      .filter(shape -> shape.numDimensions() == 4)
                      .forEach(convolved::add);
                }
              });
      assertThat(convolved).hasSizeGreaterThan(15).allMatch(shape -> shape.get(3) % 2 == 0);
    }
  }

  /** The scores, and the gradients of their mean square by each parameter. */
  private static <T extends TFloating> List<float[]> computed(
      Network network, Images images, int parts, Class<T> type) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Variables variables = new Variables(tf, network.parameters(), true);
      int size = images.size();
      int each = size * size * Images.CHANNELS;
      byte[] bytes = new byte[BATCH * each];
      for (int image = 0; image < BATCH; image++) {
        images.read(image, bytes, image * each);
      }
      Operand<TUint8> pixels =
          tf.constant(Shape.of(BATCH, size, size, Images.CHANNELS), DataBuffers.of(bytes));
      Operand<TFloat32> scores =
          parts == 1
              ? network.scores(tf, pixels, variables, type)
              : BatchPart.scores(tf, network, pixels, variables, type, parts);
      Operand<TFloat32> loss = tf.math.mean(tf.math.square(scores), tf.constant(new int[] {0, 1}));
      List<Variable> trained = variables.trained();
      List<Operand<TFloat32>> fetched = new ArrayList<>(List.of(scores));
      fetched.addAll(new Gradients(tf, trained, variables.takeConvolutions()).of(graph, loss));
      try (Session session = new Session(graph)) {
        variables.start(session, InitialWeights.of(network, images, 1));
        Session.Runner runner = session.runner();
        fetched.forEach(runner::fetch);
        try (Result result = runner.run()) {
          List<float[]> all = new ArrayList<>();
          for (int i = 0; i < fetched.size(); i++) {
            all.add(Floats.of(result, i));
          }
          return all;
        }
      }
    }
  }
}
