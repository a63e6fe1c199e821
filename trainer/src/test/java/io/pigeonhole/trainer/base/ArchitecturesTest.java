package io.pigeonhole.trainer.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pigeonhole.trainer.recipe.BaseGraph;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/** The networks beside Keras' own with the same weights, where images have odd sides, too. */
class ArchitecturesTest {

  private static final double TOLERANCE = 1e-4;
  private static final int IMAGES = 2;
  private static final int SHOWN = 5;
  private static final Map<String, BaseGraph> BUILT = new HashMap<>();

  /** What bench/keras_bases.py prints: some features of two images. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ':',
      value = {
        "mobilenet-v2: 64: 64: 0.01685672, 0.2930025, 0, 0.203587, 0.5795662, 0.01970939,"
            + " 0.2883242, 0, 0.2003432, 0.5942122",
        "mobilenet-v2: 45: 71: 0.07310558, 0.45828, 0, 0.1874638, 0.3939321, 0.07573392,"
            + " 0.4515182, 0, 0.1906424, 0.3968028",
        "efficientnet-v2-b0: 64: 64: 0.5350339, -0.262646, 1.808801, 0.9936727, -0.0619864,"
            + " 0.5344705, -0.2629434, 1.812559, 0.9955376, -0.06175227",
        "efficientnet-v2-b0: 45: 71: 0.6504186, -0.2592642, 1.819675, 1.137447, -0.04771473,"
            + " 0.6488202, -0.2590552, 1.81974, 1.139022, -0.04786325",
        "resnet-50: 64: 64: 67.98244, 83.30221, 124.5229, 90.01035, 50.1846, 54.23572, 72.69871,"
            + " 118.1301, 67.64476, 25.97524",
        "resnet-50: 45: 71: 57.41016, 104.4582, 96.70808, 63.12484, 43.61115, 52.29977, 100.5832,"
            + " 91.95068, 64.16283, 45.97264"
      })
  void hasTheFeaturesOfKeras(String name, int height, int width, String features)
      throws IOException {
    BaseGraph base = build(name);
    float[][] found = features(base, height, width);
    double[] expected =
        Arrays.stream(features.split(",")).mapToDouble(Double::parseDouble).toArray();
    double largest = Arrays.stream(expected).max().orElseThrow();
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) found[i / SHOWN][i % SHOWN * (base.count() / SHOWN)])
          .isCloseTo(expected[i], within(TOLERANCE * largest));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mobilenet-v2", "efficientnet-v2-b0", "resnet-50"})
  void isWhatTheCatalogueSays(String name) throws IOException {
    KnownBase known = KnownBase.named(name).orElseThrow();
    BaseGraph base = build(name);
    assertThat(base.size()).isEqualTo(known.size());
    assertThat(base.count()).isEqualTo(known.features());
    assertThat((double) base.graph().getSerializedSize())
        .isCloseTo((double) known.bytes(), within(0.1 * known.bytes()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"mobilenet-v2", "efficientnet-v2-b0", "resnet-50"})
  void isFrozen(String name) throws IOException {
    GraphDef graph = build(name).graph();
    Set<String> ops = graph.getNodeList().stream().map(NodeDef::getOp).collect(Collectors.toSet());
    assertThat(ops)
        .contains("Placeholder", "Conv2D", "BiasAdd")
        .doesNotContain("VarHandleOp", "ReadVariableOp", "PartitionedCall", "FusedBatchNormV3");
    assertThat(graph.hasLibrary() ? graph.getLibrary().getFunctionCount() : 0).isZero();
    assertThat(graph.getNodeList()).noneMatch(node -> node.getName().contains("/"));
  }

  /** Of maps with more than 128 channels, 128 mixtures. */
  @ParameterizedTest
  @CsvSource({"mobilenet-v2, 64 96", "efficientnet-v2-b0, 96 112", "resnet-50, 128"})
  void hasInnerMapsOfASixteenthOfTheSide(String name, String channels) throws Exception {
    BaseGraph base = build(name);
    BaseGraph with = CovariancePooling.of(base, 64);
    int added =
        Stream.of(channels.split(" ")).mapToInt(Integer::parseInt).map(c -> c * (c + 1) / 2).sum();
    assertThat(with.own()).isEqualTo(base.count());
    assertThat(with.count()).isEqualTo(base.count() + added);
    for (float[] image : features(with, 64, 64)) {
      for (float feature : image) {
        assertThat(feature).isFinite();
      }
    }
  }

  private static BaseGraph build(String name) throws IOException {
    if (!BUILT.containsKey(name)) {
      Architecture architecture = KnownBase.named(name).orElseThrow().architecture();
      BUILT.put(name, architecture.build(new PseudoRandomWeights()));
    }
    return BUILT.get(name);
  }

  @AfterAll
  static void forget() {
    BUILT.clear();
  }

  private static float[][] features(BaseGraph base, int height, int width) {
    Shape shape = Shape.of(IMAGES, height, width, 3);
    byte[] images = PseudoRandomWeights.images(height, width);
    try (Graph graph = new Graph()) {
      graph.importGraphDef(base.graph());
      try (Session session = new Session(graph);
          TUint8 fed = TUint8.tensorOf(shape, DataBuffers.of(images));
          Result result = session.runner().feed(base.images(), fed).fetch(base.features()).run()) {
        TFloat32 features = (TFloat32) result.get(0);
        assertThat(features.shape()).isEqualTo(Shape.of(IMAGES, base.count()));
        float[][] rows = new float[IMAGES][base.count()];
        for (int i = 0; i < IMAGES; i++) {
          features.asRawTensor().data().asFloats().offset((long) i * base.count()).read(rows[i]);
        }
        return rows;
      }
    }
  }
}
