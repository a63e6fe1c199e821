package io.pigeonhole.trainer.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.pigeonhole.trainer.data.ColouredShapes;
import io.pigeonhole.trainer.data.LabeledImages;
import io.pigeonhole.trainer.network.Variables.Variable;
import io.pigeonhole.trainer.recipe.Recipe;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TFloating;

class TrainingGraphTest {

  private final LabeledImages images = ColouredShapes.images(32, 1);
  private final Recipe recipe = SmallRecipes.muon(2);
  private final Network network = Network.of(recipe.layers(), 32, 3);

  /** The quick way back may differ from TensorFlow's own by rounding only. */
  @Test
  void findsTheGradientsThatTensorFlowFinds() {
    assertFindsGradients(
        network, (tf, all) -> network.scores(tf, pixels(tf, 32), all, TBfloat16.class));
  }

  @Test
  void findsThemWithoutPaddingAndInParts() {
    Network small = Network.of(SmallRecipes.unpadded());
    assertFindsGradients(
        small, (tf, all) -> BatchPart.scores(tf, small, pixels(tf, 32), all, TBfloat16.class, 2));
  }

  private void assertFindsGradients(
      Network network, BiFunction<Ops, Variables, Operand<TFloat32>> forward) {
    Bfloat16.assumeComputed();
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Variables variables = new Variables(tf, network.parameters(), true);
      Operand<TFloat32> scores = forward.apply(tf, variables);
      Operand<TFloat32> loss = tf.math.mean(tf.math.square(scores), tf.constant(new int[] {0, 1}));
      List<Variable> trained = variables.trained();
      List<Source.Convolved<?>> convolutions = variables.takeConvolutions();
      assertThat(convolutions)
          .anyMatch(
              each ->
                  SideBySide.paysForGradient(
                      each.in().shape(),
                      Shape.of(3, 3, each.in().shape().get(3), each.out().shape().get(3)),
                      each.out().shape()));
      Gradients gradients = new Gradients(tf, trained, convolutions);
      List<Operand<TFloat32>> ours = gradients.of(graph, loss);
      Output<?>[] theirs =
          graph.addGradients(
              loss.asOutput(),
              trained.stream().map(v -> v.value().asOutput()).toArray(Output<?>[]::new));
      try (Session session = new Session(graph)) {
        variables.start(session, InitialWeights.of(network, images, 1));
        for (int i = 0; i < theirs.length; i++) {
          try (Result result = session.runner().fetch(ours.get(i)).fetch(theirs[i]).run()) {
            float[] expected = Floats.of(result, 1);
            assertThat(Floats.distance(Floats.of(result, 0), expected))
                .as(trained.get(i).parameter().name())
                .isLessThan(0.02);
          }
        }
      }
    }
  }

  /** Serving multiplies the normalisation into the kernels; the function has to stay the same. */
  @Test
  void servesTheFunctionThatWasTrained() throws Exception {
    Weights weights;
    try (TrainingGraph graph = new TrainingGraph(recipe, images, Precision.FLOAT32, 1, 0)) {
      for (int step = 0; step < 5; step++) {
        try (TUint8 fed = tensor(images);
            TInt32 labels = TInt32.tensorOf(Shape.of(32), DataBuffers.of(images.labels()))) {
          graph.step(new Batch(fed, labels), step, 0.6);
        }
      }
      weights = graph.weights();
    }
    float[][] expected = unfolded(weights);
    try (ServingGraph full = new ServingGraph(recipe, weights, 1, Precision.FLOAT32, false);
        ServingGraph half = new ServingGraph(recipe, weights, 1, Precision.FLOAT32, true)) {
      float[][] served = full.scores(images, 32);
      float[][] servedHalf = half.scores(images, 7);
      for (int i = 0; i < expected.length; i++) {
        assertThat(served[i]).containsExactly(expected[i], within(1e-4f));
        assertThat(servedHalf[i]).containsExactly(expected[i], within(1e-2f));
      }
    }
  }

  @Test
  void countsTheLossesOfMixedImagesByTheirShares() {
    int[] others = new int[32];
    Arrays.setAll(others, i -> images.labels()[(i + 1) % 32]);
    int[] halfOthers = images.labels().clone();
    System.arraycopy(others, 0, halfOthers, 0, 16);
    double loss = firstLoss(images.labels());
    double halfOtherLoss = firstLoss(halfOthers);
    assertThat(loss).isNotCloseTo(halfOtherLoss, within(1e-3));
    float[] shares = new float[32];
    Arrays.fill(shares, 0, 16, 0.25f); // of the others in the first half of the batch
    Batch.Second second =
        new Batch.Second(
            TInt32.tensorOf(Shape.of(32), DataBuffers.of(others)),
            TFloat32.tensorOf(Shape.of(32), DataBuffers.of(shares)));
    assertThat(firstLoss(SmallRecipes.mixed(), images.labels(), Optional.of(second)))
        .isCloseTo(0.75 * loss + 0.25 * halfOtherLoss, within(1e-5));
  }

  @Test
  void tellsTheLossOfTheBatchWithoutImagesOfNoClass() {
    byte[] pixels = new byte[48 * images.bytesPerImage()];
    images.pixels().duplicate().get(pixels, 0, 32 * images.bytesPerImage());
    TUint8 withGrey = TUint8.tensorOf(Shape.of(48, 32, 32, 3), DataBuffers.of(pixels));
    TInt32 labels = TInt32.tensorOf(Shape.of(32), DataBuffers.of(images.labels()));
    try (TrainingGraph graph =
            new TrainingGraph(SmallRecipes.exposed(1), images, Precision.FLOAT32, 1, 1);
        Batch batch = new Batch(withGrey, labels)) {
      assertThat(graph.step(batch, 0, 0).loss())
          .isCloseTo(firstLoss(images.labels()), within(1e-5));
    }
  }

  @Test
  void refusesABatchThatIsMixedWhereTheRecipeIsNot() {
    assertThatThrownBy(() -> firstLoss(SmallRecipes.mixed(), images.labels(), Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("mixes images: true");
  }

  private double firstLoss(int[] labels) {
    return firstLoss(SmallRecipes.notMixed(), labels, Optional.empty());
  }

  /** The loss before any step. */
  private double firstLoss(Recipe recipe, int[] labels, Optional<Batch.Second> second) {
    try (TrainingGraph graph = new TrainingGraph(recipe, images, Precision.FLOAT32, 1, 1);
        Batch batch =
            new Batch(
                tensor(images), TInt32.tensorOf(Shape.of(32), DataBuffers.of(labels)), second)) {
      return graph.step(batch, 0, 0).loss();
    }
  }

  @Test
  void servesTheMeanOfBothSidesOfAnImage() {
    Weights weights = InitialWeights.of(network, images, 1);
    LabeledImages mirrored = mirrored();
    try (ServingGraph one = new ServingGraph(recipe, weights, 1, Precision.FLOAT32, true);
        ServingGraph both =
            new ServingGraph(SmallRecipes.mirrored(), weights, 1, Precision.FLOAT32, true)) {
      float[][] left = one.scores(images, 32);
      float[][] right = one.scores(mirrored, 32);
      float[][] mean = both.scores(images, 10);
      assertThat(both.scores(mirrored, 32)[0]).containsExactly(mean[0], within(1e-5f));
      for (int i = 0; i < mean.length; i++) {
        for (int k = 0; k < mean[i].length; k++) {
          assertThat(mean[i][k]).isCloseTo((left[i][k] + right[i][k]) / 2, within(1e-5f));
        }
      }
    }
  }

  private LabeledImages mirrored() {
    byte[] pixels = new byte[images.count() * images.bytesPerImage()];
    for (int pixel = 0; pixel < pixels.length / 3; pixel++) {
      int other = pixel / 32 * 32 + 31 - pixel % 32;
      System.arraycopy(images.pixels().array(), pixel * 3, pixels, other * 3, 3);
    }
    return new LabeledImages(images.classes(), 32, ByteBuffer.wrap(pixels), images.labels());
  }

  @Test
  void makesKernelStepsNearlyOrthogonal() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Shape shape = Shape.of(3, 3, 4, 8);
      float[] numbers = new float[(int) shape.size()];
      Random random = new Random(1);
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = (float) random.nextGaussian();
      }
      Operand<TFloat32> step =
          MuonUpdate.orthogonal(
              tf, tf.constant(shape, DataBuffers.of(numbers)), shape, TFloat32.class);
      try (Session session = new Session(graph);
          Result result = session.runner().fetch(step).run()) {
        double[] singular = singularValues(Floats.of(result, 0), 8);
        assertThat(Arrays.stream(singular).boxed()).allMatch(value -> value > 0.5 && value < 1.5);
      }
    }
  }

  private static double[] singularValues(float[] matrix, int columns) {
    double[][] square = new double[columns][columns];
    for (int row = 0; row < matrix.length / columns; row++) {
      for (int i = 0; i < columns; i++) {
        for (int j = 0; j < columns; j++) {
          square[i][j] += matrix[row * columns + i] * matrix[row * columns + j];
        }
      }
    }
    double[] values = SymmetricEigen.of(square).values();
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.sqrt(values[i]);
    }
    return values;
  }

  /** The network with its normalisation as it was trained, by running mean and variance. */
  private float[][] unfolded(Weights weights) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> scores =
          network.scores(tf, pixels(tf, 32), new Running(tf, network, weights), TFloat32.class);
      try (Session session = new Session(graph);
          Result result = session.runner().fetch(scores).run()) {
        float[] all = Floats.of(result, 0);
        float[][] rows = new float[32][10];
        for (int i = 0; i < rows.length; i++) {
          System.arraycopy(all, i * 10, rows[i], 0, 10);
        }
        return rows;
      }
    }
  }

  private record Running(Ops tf, Network network, Weights weights) implements Source {
    @Override
    public Operand<TFloat32> get(String row, Parameter.Role role) {
      String name = Parameter.name(row, role);
      Shape shape =
          network.parameters().stream()
              .filter(parameter -> parameter.name().equals(name))
              .map(Parameter::shape)
              .findFirst()
              .orElseThrow();
      return tf.constant(shape, DataBuffers.of(weights.get(name)));
    }

    @Override
    public <T extends TFloating> Operand<T> normalise(
        Operand<T> values, String row, Class<T> type) {
      Operand<TFloat32> deviation =
          tf.math.sqrt(
              tf.math.add(get(row, Parameter.Role.VARIANCE), tf.constant(Network.EPSILON)));
      Operand<T> centred = tf.math.sub(values, tf.dtypes.cast(get(row, Parameter.Role.MEAN), type));
      return tf.math.add(
          tf.math.div(centred, tf.dtypes.cast(deviation, type)),
          tf.dtypes.cast(get(row, Parameter.Role.SHIFT), type));
    }
  }

  private Operand<TUint8> pixels(Ops tf, int count) {
    return tf.constant(Shape.of(count, 32, 32, 3), DataBuffers.of(images.pixels().array()));
  }

  private static TUint8 tensor(LabeledImages images) {
    return TUint8.tensorOf(
        Shape.of(images.count(), 32, 32, 3), DataBuffers.of(images.pixels().array()));
  }
}
