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
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/** Networks of bfloat16 are computed in other ways on a processor; the results are the same. */
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
    Network network = size == 8 ? SMALL : NORMALISED;
    Images images = Downscaled.of(ColouredShapes.images(BATCH, 1), size);
    List<float[]> expected = computed(network, images, parts, false);
    List<float[]> onCpu = computed(network, images, parts, true);
    assertThat(onCpu).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(Floats.distance(onCpu.get(i), expected.get(i)))
          .as("result %d", i)
          .isLessThan(0.03);
    }
  }

  /** The scores, and the gradients of their mean square by each parameter. */
  private static List<float[]> computed(Network network, Images images, int parts, boolean onCpu) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Variables variables = new Variables(tf, network.parameters(), onCpu);
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
              ? network.scores(tf, pixels, variables, TBfloat16.class)
              : BatchPart.scores(tf, network, pixels, variables, TBfloat16.class, parts);
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
