package io.pigeonhole.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.types.TFloat16;
import org.tensorflow.types.TFloat32;

class WidenedConstantsTest {

  @BeforeAll
  static void load() {
    new TensorFlowEngine().await();
  }

  @Test
  void everyNumberStaysWhatItIs() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      int exponent = (bits >> 10) & 0x1f;
      int fraction = bits & 0x3ff;
      double size =
          switch (exponent) {
            case 0 -> fraction * Math.pow(2, -24);
            case 31 -> fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
            default -> (1024 + fraction) * Math.pow(2, exponent - 25.0);
          };
      float expected = (float) (bits >> 15 == 0 ? size : -size);
      assertThat(Float.intBitsToFloat(WidenedConstants.wide((short) bits)))
          .isEqualTo(Float.valueOf(expected));
    }
  }

  /**
   * As the trainer exports kernels: stored in 16 bits, widened, and, once, cast to what they are.
   */
  private static GraphDef network() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> images =
          tf.withName("images").constant(Shape.of(2, 8, 8, 4), DataBuffers.of(noise(512)));
      Operand<TFloat32> kernel;
      Operand<TFloat32> dense;
      try (TFloat16 stored = TFloat16.tensorOf(Shape.of(3, 3, 4, 6), DataBuffers.of(noise(216)));
          TFloat16 flat = TFloat16.tensorOf(Shape.of(384, 3), DataBuffers.of(noise(1152)))) {
        kernel = tf.dtypes.cast(tf.withName("kernel").constantOf(stored), TFloat32.class);
        dense = tf.dtypes.cast(tf.withName("dense").constantOf(flat), TFloat32.class);
      }
      Operand<TFloat32> same = tf.dtypes.cast(kernel, TFloat32.class);
      Operand<TFloat32> convolved =
          tf.withName("convolved").nn.conv2d(images, same, List.of(1L, 1L, 1L, 1L), "SAME");
      Operand<TFloat32> rows = tf.reshape(convolved, tf.constant(new int[] {2, -1}));
      tf.withName("scores").linalg.matMul(rows, dense);
      return graph.toGraphDef();
    }
  }

  private static float[] noise(int count) {
    Random random = new Random(count);
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return numbers;
  }

  private static SavedModel model(GraphDef graph) {
    return SavedModel.newBuilder()
        .addMetaGraphs(MetaGraphDef.newBuilder().setGraphDef(graph))
        .build();
  }

  private static float[] scores(GraphDef definition) {
    try (Graph graph = new Graph()) {
      graph.importGraphDef(definition);
      try (Session session = new Session(graph);
          Result result = session.runner().fetch("scores").run()) {
        float[] scores = new float[6];
        ((TFloat32) result.get(0)).asRawTensor().data().asFloats().read(scores);
        return scores;
      }
    }
  }

  @Test
  void kernelsAreConstantsWhereTheyAreUsedAndTheAnswersTheSame() {
    GraphDef before = network();
    GraphDef after =
        WidenedConstants.of(model(before)).orElseThrow().getMetaGraphs(0).getGraphDef();
    Map<String, NodeDef> nodes = new HashMap<>();
    after.getNodeList().forEach(node -> nodes.put(node.getName(), node));
    NodeDef kernel = nodes.get(nodes.get("convolved").getInput(1));
    assertThat(kernel.getOp()).isEqualTo("Const");
    assertThat(kernel.getAttrOrThrow("dtype").getType()).isEqualTo(DataType.DT_FLOAT);
    assertThat(nodes.get(nodes.get("scores").getInput(1)).getOp()).isEqualTo("Const");
    assertThat(nodes).doesNotContainKeys("kernel", "dense");
    assertThat(scores(after)).containsExactly(scores(before));
  }

  @Test
  void whatHasNoneIsLeftAsItIs() {
    GraphDef wide =
        WidenedConstants.of(model(network())).orElseThrow().getMetaGraphs(0).getGraphDef();
    assertThat(WidenedConstants.of(model(wide))).isEmpty();
    assertThat(WidenedConstants.of(model(GraphDef.getDefaultInstance()))).isEmpty();
  }

  /** A stranger's: casts in a circle, and a constant that says it is longer than it is. */
  @Test
  @Timeout(10)
  void whatMakesNoSenseIsLeftToTensorFlow() {
    AttrValue single = AttrValue.newBuilder().setType(DataType.DT_FLOAT).build();
    NodeDef.Builder cast =
        NodeDef.newBuilder().setOp("Cast").putAttr("SrcT", single).putAttr("DstT", single);
    GraphDef.Builder graph = network().toBuilder();
    graph.addNode(cast.clone().setName("one").addInput("other"));
    graph.addNode(cast.clone().setName("other").addInput("one"));
    for (NodeDef.Builder node : graph.getNodeBuilderList()) {
      if (node.getName().equals("dense")) {
        AttrValue.Builder value = node.getAttrOrThrow("value").toBuilder();
        value.getTensorBuilder().getTensorShapeBuilder().getDimBuilder(0).setSize(385);
        node.putAttr("value", value.build());
      }
    }
    GraphDef after =
        WidenedConstants.of(model(graph.build())).orElseThrow().getMetaGraphs(0).getGraphDef();
    assertThat(after.getNodeList()).extracting(NodeDef::getName).contains("dense", "one", "other");
  }
}
