package io.pigeonhole.trainer.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.pigeonhole.trainer.data.ColouredShapes;
import io.pigeonhole.trainer.data.LabeledImages;
import io.pigeonhole.trainer.recipe.Recipe;
import io.pigeonhole.trainer.recipe.ServingViews;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint8;

/** What recipes can say of networks, besides what the default one says. */
class RecipeNetworkTest {

  private static final String LINEAR = "[rescale, flatten, dense: {units: classes}]";

  private final LabeledImages images = ColouredShapes.images(32, 1);

  private static Recipe recipe(String input, String network, String rest) {
    return SmallRecipes.of(
        """
        input: {size: %s}
        network: %s
        optimiser: {sgd: {learning-rate: 0.05}}
        epochs: 1
        batch: 32
        %s
        """
            .formatted(input, network, rest));
  }

  private record Trained(List<Double> losses, Weights weights) {}

  /** A few steps over the same images. */
  private Trained trained(Recipe recipe, int steps) {
    List<Double> losses = new ArrayList<>();
    try (TrainingGraph graph = new TrainingGraph(recipe, images, Precision.FLOAT32, 1, 1)) {
      for (int step = 0; step < steps; step++) {
        try (TUint8 fed =
                TUint8.tensorOf(Shape.of(32, 32, 32, 3), DataBuffers.of(images.pixels().array()));
            TInt32 labels = TInt32.tensorOf(Shape.of(32), DataBuffers.of(images.labels()))) {
          losses.add(graph.step(new Batch(fed, labels), step, 0.5).loss());
        }
      }
      return new Trained(losses, graph.weights());
    }
  }

  @Test
  void learnsWithStridesResidualsDropoutAndMeans() {
    Recipe recipe =
        recipe(
            "32",
            "[standardise, conv: {filters: 16, stride: 2, padding: same, size: 5}, conv: {filters:"
                + " 16, padding: same, batch-norm: true, residual: true, activation: gelu}, conv:"
                + " {filters: 16, size: 1}, dropout: {rate: 0.1}, global-average, dense: {units: classes}]",
            "");
    List<Double> losses = trained(recipe, 60).losses();
    assertThat(losses.get(59)).isLessThan(0.8 * losses.get(0));
    assertThat(trained(recipe, 3).losses()).isEqualTo(losses.subList(0, 3));
  }

  @Test
  void forgetsOtherValuesInEachStepAndNoneWhenServing() {
    Recipe still =
        recipe(
            "32",
            "[rescale, flatten, dropout: {rate: 0.5}, dense: {units: classes}]",
            "schedule: {triangular: {start: 0, peak: 0.9, end: 0}}");
    List<Double> losses = trained(still, 3).losses();
    assertThat(losses.get(0)).isNotEqualTo(losses.get(1));
    assertThat(losses.get(1)).isNotEqualTo(losses.get(2));
    Weights weights = InitialWeights.of(Network.of(still), images, 1);
    try (ServingGraph graph = new ServingGraph(still, weights, 1, Precision.FLOAT32, false)) {
      assertThat(graph.scores(images, 32)).isDeepEqualTo(graph.scores(images, 32));
    }
  }

  @Test
  void bendsValuesAsGeluDoes() {
    Recipe recipe =
        recipe(
            "32",
            "[rescale, flatten, dense: {units: 3, activation: gelu}, dense: {units: classes}]",
            "");
    Weights weights = InitialWeights.of(Network.of(recipe), images, 1);
    weights.put("row2_kernel", new float[images.bytesPerImage() * 3]);
    weights.put("row2_bias", new float[] {-1, 0.5f, 3});
    float[] same = new float[3 * 10];
    for (int unit = 0; unit < 3; unit++) {
      same[unit * 10 + unit] = 1; // the first scores are the activated values
    }
    weights.put("row3_kernel", same);
    try (ServingGraph graph = new ServingGraph(recipe, weights, 1, Precision.FLOAT32, false)) {
      float[] scores = Arrays.copyOf(graph.scores(images, 32)[0], 3);
      // x times the normal distribution's share below x, which the sigmoid is within 0.021 of
      assertThat(scores).containsExactly(new float[] {-0.159f, 0.346f, 2.996f}, within(0.021f));
      assertThat(scores[0]).isCloseTo(-1 / (1 + (float) Math.exp(1.702)), within(1e-5f));
    }
  }

  @Test
  void turnsColoursIntoTheGreyOfPillow() {
    Recipe grey = recipe("8, channels: 1", LINEAR, "");
    Random random = new Random(1);
    byte[] pixels = new byte[16 * 64 * 3];
    random.nextBytes(pixels);
    LabeledImages colours =
        new LabeledImages(ColouredShapes.CLASSES, 8, ByteBuffer.wrap(pixels), new int[16]);
    Weights weights = InitialWeights.of(Network.of(grey), colours, 1);
    float[] kernel = new float[64 * 10];
    kernel[0] = 255; // the first score is the first pixel
    weights.put("row2_kernel", kernel);
    try (ServingGraph graph = new ServingGraph(grey, weights, 1, Precision.FLOAT32, false)) {
      float[][] scores = graph.scores(colours, 16);
      for (int i = 0; i < 16; i++) {
        int at = i * 64 * 3;
        int red = pixels[at] & 0xff;
        int green = pixels[at + 1] & 0xff;
        int blue = pixels[at + 2] & 0xff;
        int expected = (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16;
        assertThat(scores[i][0]).isCloseTo(expected, within(1e-3f));
        byte[] read = new GreyImages(colours).read(i, i + 1);
        assertThat(read[0] & 0xff).isEqualTo(expected);
      }
    }
  }

  @Test
  void whitensAndStandardisesGrey() {
    Recipe grey =
        recipe(
            "32, channels: 1",
            "[standardise, whitening, conv: {filters: 8, pool: 4, batch-norm: true}, global-max,"
                + " dense: {units: classes}]",
            "");
    List<Double> losses = trained(grey, 20).losses();
    assertThat(losses.get(19)).isLessThan(losses.get(0));
  }

  @Test
  void pullsWeightsTowardsZeroWhenToldTo() {
    double free = size(recipe("32", LINEAR, ""));
    assertThat(size(recipe("32", LINEAR, "regularisation: {l1: 0.01}"))).isLessThan(free);
    assertThat(size(recipe("32", LINEAR, "regularisation: {l2: 0.1}"))).isLessThan(free);
  }

  private double size(Recipe recipe) {
    double sum = 0;
    for (float value : trained(recipe, 5).weights().get("row2_kernel")) {
      sum += Math.abs(value);
    }
    return sum;
  }

  @Test
  void weighsSmallClassesMore() {
    assertThat(ClassWeights.of(new int[] {0, 0, 0, 2}, 3)).containsExactly(2 / 3f, 0, 2);
    double plain = trained(recipe("32", LINEAR, ""), 1).losses().get(0);
    double weighted = trained(recipe("32", LINEAR, "balance: weights"), 1).losses().get(0);
    assertThat(weighted).isNotEqualTo(plain);
  }

  @Test
  void servesTheWeightedMeanOfShiftedViews() {
    Recipe one = recipe("32", LINEAR, "");
    Recipe all = one.withViews(ServingViews.SHIFTED);
    Weights weights = InitialWeights.of(Network.of(one), images, 1);
    try (ServingGraph single = new ServingGraph(one, weights, 1, Precision.FLOAT32, false);
        ServingGraph six = new ServingGraph(all, weights, 1, Precision.FLOAT32, false)) {
      float expected = 0;
      for (boolean mirror : new boolean[] {false, true}) {
        expected += single.scores(view(0, mirror), 1)[0][0] / 4;
        expected += single.scores(view(-1, mirror), 1)[0][0] / 8;
        expected += single.scores(view(1, mirror), 1)[0][0] / 8;
      }
      assertThat(six.scores(images, 32)[0][0]).isCloseTo(expected, within(1e-4f));
    }
  }

  @Test
  void saysHowAlikeTheScoresOfEachViewAre() {
    Recipe one = recipe("32", LINEAR, "");
    Recipe both = one.withViews(ServingViews.MIRRORED);
    Weights weights = InitialWeights.of(Network.of(one), images, 1);
    try (ServingGraph single = new ServingGraph(one, weights, 1, Precision.FLOAT32, false);
        ServingGraph mirrored = new ServingGraph(both, weights, 1, Precision.FLOAT32, false)) {
      ServingGraph.Rows rows = mirrored.rows(images, 32);
      assertThat(rows.scores()).isDeepEqualTo(mirrored.scores(images, 32));
      double of = deviation(single.scores(view(0, false), 1)[0]);
      double ofMirrored = deviation(single.scores(view(0, true), 1)[0]);
      assertThat(rows.likeness()[0]).isCloseTo((float) -(of + ofMirrored) / 2, within(1e-4f));
      assertThat(rows.likeness()).hasSize(images.count()).doesNotContain(0);
    }
  }

  private static double deviation(float[] scores) {
    double mean =
        IntStream.range(0, scores.length).mapToDouble(i -> scores[i]).average().orElseThrow();
    return Math.sqrt(
        IntStream.range(0, scores.length)
            .mapToDouble(i -> (scores[i] - mean) * (scores[i] - mean))
            .average()
            .orElseThrow());
  }

  /** The first image, moved along its diagonal by a pixel, what comes in reflected. */
  private LabeledImages view(int shift, boolean mirror) {
    byte[] pixels = new byte[32 * 32 * 3];
    for (int y = 0; y < 32; y++) {
      for (int x = 0; x < 32; x++) {
        int row = 31 - Math.abs(31 - Math.abs(y + shift));
        int column = 31 - Math.abs(31 - Math.abs((mirror ? 31 - x : x) + shift));
        System.arraycopy(
            images.pixels().array(), (row * 32 + column) * 3, pixels, (y * 32 + x) * 3, 3);
      }
    }
    return new LabeledImages(images.classes(), 32, ByteBuffer.wrap(pixels), new int[1]);
  }

  @Test
  void saysThatTheDataHasOtherClasses() {
    Recipe ten = recipe("32", LINEAR, "");
    assertThatThrownBy(() -> ten.forClasses(7))
        .hasMessageContaining("recipe 'small' has 10 units; the data has 7 classes");
  }
}
