package io.pigeonhole.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.pigeonhole.model.Processor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.ndarray.buffer.FloatDataBuffer;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.types.TFloat16;
import org.tensorflow.types.TFloat32;

class Bfloat16ConvolutionsTest {
  private static final Shape PIXELS = Shape.of(2, 8, 8, 3);

  @BeforeAll
  static void load() {
    new TensorFlowEngine().await();
  }

  @ParameterizedTest
  @CsvSource({
    "1, 3f80",
    "-2.5, c020",
    "0, 0",
    "-0.0, 8000",
    // between 1 and 1 + 2⁻⁷: the even one of two that are as near
    "1.00390625, 3f80",
    "1.01171875, 3f82",
    "1.00390637, 3f81",
    "3.4028235e38, 7f80",
    "Infinity, 7f80",
    "-Infinity, ff80",
    "1.4e-45, 0"
  })
  void roundsToTheNearest(float number, String bits) {
    assertThat(Bfloat16Convolutions.narrow(Float.floatToRawIntBits(number)))
        .isEqualTo((short) Integer.parseInt(bits, 16));
  }

  @Test
  void whatIsNoNumberStaysNone() {
    for (int none : new int[] {0x7f800001, 0x7fc00000, 0x7fffffff, 0xff800001, 0xffffffff}) {
      int bits = Bfloat16Convolutions.narrow(none) << 16;
      assertThat(Float.intBitsToFloat(bits)).isNaN();
    }
  }

  /** Of pixels, features, and scores, with a branch that is added. */
  private static GraphDef network() {
    return network(Bfloat16ConvolutionsTest::noise);
  }

  private interface Kernels {
    Operand<TFloat32> make(Ops tf, String name, long... shape);
  }

  private static GraphDef network(Kernels kernels) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> pixels =
          tf.withName("pixels").placeholder(TFloat32.class, Placeholder.shape(PIXELS));
      Operand<TFloat32> first =
          convolution(tf, "first", pixels, kernels.make(tf, "k1", 3, 3, 3, 8));
      Operand<TFloat32> features = tf.withName("features").nn.relu(first);
      Operand<TFloat32> second =
          convolution(tf, "second", features, kernels.make(tf, "k2", 3, 3, 8, 8));
      Operand<TFloat32> biased = tf.withName("biased").nn.biasAdd(second, noise(tf, "bias", 8));
      Operand<TFloat32> third =
          convolution(
              tf, "third", tf.withName("relu").nn.relu(biased), kernels.make(tf, "k3", 3, 3, 8, 8));
      Operand<TFloat32> sum = tf.withName("sum").math.add(third, biased);
      Operand<TFloat32> mixed = tf.withName("mixed").math.add(sum, features);
      Operand<TFloat32> rows = tf.withName("rows").math.mean(mixed, tf.constant(new int[] {1, 2}));
      tf.withName("scores").linalg.matMul(rows, noise(tf, "dense", 8, 3));
      return graph.toGraphDef();
    }
  }

  private static Operand<TFloat32> convolution(
      Ops tf, String name, Operand<TFloat32> input, Operand<TFloat32> kernel) {
    return tf.withName(name).nn.conv2d(input, kernel, List.of(1L, 1L, 1L, 1L), "SAME");
  }

  private static Operand<TFloat32> noise(Ops tf, String name, long... shape) {
    return tf.withName(name).constant(Shape.of(shape), noise(Shape.of(shape).size()));
  }

  /** As the trainer exports them. */
  private static Operand<TFloat32> stored(Ops tf, String name, long... shape) {
    try (TFloat16 half = TFloat16.tensorOf(Shape.of(shape), noise(Shape.of(shape).size()))) {
      return tf.dtypes.cast(tf.withName(name).constantOf(half), TFloat32.class);
    }
  }

  private static FloatDataBuffer noise(long count) {
    Random random = new Random(count);
    FloatDataBuffer numbers = DataBuffers.ofFloats(count);
    for (long i = 0; i < count; i++) {
      numbers.setFloat((float) random.nextGaussian() / 4, i);
    }
    return numbers;
  }

  private static SavedModel model(GraphDef graph, String... outputs) {
    SignatureDef.Builder signature = SignatureDef.newBuilder();
    for (String output : outputs) {
      signature.putOutputs(output, TensorInfo.newBuilder().setName(output + ":0").build());
    }
    return SavedModel.newBuilder()
        .addMetaGraphs(
            MetaGraphDef.newBuilder()
                .setGraphDef(graph)
                .putSignatureDef("serving_default", signature.build()))
        .build();
  }

  private static Map<String, NodeDef> changed(SavedModel model) {
    Map<String, NodeDef> nodes = new HashMap<>();
    Bfloat16Convolutions.of(model)
        .orElseThrow()
        .getMetaGraphs(0)
        .getGraphDef()
        .getNodeList()
        .forEach(node -> nodes.put(node.getName(), node));
    return nodes;
  }

  private static DataType type(NodeDef node) {
    return node.getAttrOrThrow("T").getType();
  }

  private static float[] scores(GraphDef definition) {
    try (Graph graph = new Graph()) {
      graph.importGraphDef(definition);
      try (Session session = new Session(graph);
          TFloat32 pixels = TFloat32.tensorOf(PIXELS, noise(PIXELS.size()));
          Result result = session.runner().feed("pixels", pixels).fetch("scores").run()) {
        float[] scores = new float[6];
        ((TFloat32) result.get(0)).asRawTensor().data().asFloats().read(scores);
        return scores;
      }
    }
  }

  @Test
  void convolutionsOfFeaturesAndWhatIsBetweenAreInBfloat16() {
    Map<String, NodeDef> nodes = changed(model(network(), "scores"));
    for (String name : List.of("second", "biased", "relu", "third", "sum")) {
      assertThat(type(nodes.get(name))).as(name).isEqualTo(DataType.DT_BFLOAT16);
    }
    for (String name : List.of("first", "features", "mixed", "rows", "scores")) {
      assertThat(type(nodes.get(name))).as(name).isEqualTo(DataType.DT_FLOAT);
    }
    NodeDef kernel = nodes.get(nodes.get("third").getInput(1));
    assertThat(kernel.getOp()).isEqualTo("Const");
    assertThat(kernel.getAttrOrThrow("dtype").getType()).isEqualTo(DataType.DT_BFLOAT16);
  }

  @Test
  void kernelsAreKeptOnceOnly() {
    assertThat(changed(model(network(), "scores")))
        .containsKeys("k1", "k2/bfloat16", "k3/bfloat16")
        .doesNotContainKeys("k2", "k3");
    assertThat(changed(model(network(), "scores", "k2"))).containsKeys("k2", "k2/bfloat16");
  }

  @Test
  void kernelsThatAreStoredInHalfAreWidenedAndRounded() {
    SavedModel stored = model(network(Bfloat16ConvolutionsTest::stored), "scores");
    SavedModel folded = WidenedConstants.folded(stored).orElseThrow();
    SavedModel narrow = Bfloat16Convolutions.of(folded).orElseThrow();
    assertThat(WidenedConstants.widened(narrow))
        .isEqualTo(
            Bfloat16Convolutions.of(WidenedConstants.of(stored).orElseThrow()).orElseThrow());
  }

  @Test
  void theAnswersAreCloseAndNotTheSame() {
    // where oneDNN is held back from it, TensorFlow would ask for it all the same, and abort
    assumeThat(Processor.ofThisMachine().limit()).isEmpty();
    GraphDef before = network();
    SavedModel narrow = Bfloat16Convolutions.of(model(before, "scores")).orElseThrow();
    float[] exact = scores(before);
    float[] close = scores(narrow.getMetaGraphs(0).getGraphDef());
    assertThat(close).isNotEqualTo(exact);
    for (int i = 0; i < exact.length; i++) {
      assertThat(close[i]).isCloseTo(exact[i], within(0.02f));
    }
  }

  @Test
  void whatIsAnOutputStaysInFloat32() {
    Map<String, NodeDef> nodes = changed(model(network(), "scores", "relu"));
    assertThat(type(nodes.get("relu"))).isEqualTo(DataType.DT_FLOAT);
    assertThat(type(nodes.get("third"))).isEqualTo(DataType.DT_BFLOAT16);
  }

  @Test
  void whatHasNoSuchConvolutionsIsLeftAsItIs() {
    assertThat(Bfloat16Convolutions.of(model(GraphDef.getDefaultInstance()))).isEmpty();
    assertThat(Bfloat16Convolutions.of(model(network(), "second", "third"))).isEmpty();
  }

  /** A stranger's: a circle, an input that is nowhere, and kernels longer than they are. */
  @Test
  @Timeout(10)
  void whatMakesNoSenseIsLeftToTensorFlow() {
    AttrValue single = AttrValue.newBuilder().setType(DataType.DT_FLOAT).build();
    NodeDef.Builder relu = NodeDef.newBuilder().setOp("Relu").putAttr("T", single);
    GraphDef.Builder graph = network().toBuilder();
    graph.addNode(relu.clone().setName("one").addInput("other"));
    graph.addNode(relu.clone().setName("other").addInput("one"));
    graph.addNode(relu.clone().setName("lost").addInput("nowhere"));
    graph.addNode(relu.clone().setName("none"));
    graph.addNode(
        NodeDef.newBuilder()
            .setOp("Conv2D")
            .putAttr("T", single)
            .setName("astray")
            .addInput("nowhere:1")
            .addInput("k3"));
    for (NodeDef.Builder node : graph.getNodeBuilderList()) {
      if (node.getName().equals("k2")) {
        AttrValue.Builder value = node.getAttrOrThrow("value").toBuilder();
        value.getTensorBuilder().getTensorShapeBuilder().getDimBuilder(0).setSize(Long.MAX_VALUE);
        node.putAttr("value", value.build());
      }
    }
    Map<String, NodeDef> nodes = changed(model(graph.build(), "scores"));
    for (String name : List.of("one", "other", "lost", "none", "second")) {
      assertThat(type(nodes.get(name))).as(name).isEqualTo(DataType.DT_FLOAT);
    }
    assertThat(type(nodes.get("third"))).isEqualTo(DataType.DT_BFLOAT16);
    assertThat(nodes.get(nodes.get("astray").getInput(0)).getInput(0)).isEqualTo("nowhere:1");
  }
}
