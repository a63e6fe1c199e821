package io.pigeonhole.inference;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.pigeonhole.model.Processor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.TensorProto;

/**
 * Has convolutions, and what is between them, computed in bfloat16: float32 with a fraction of 7
 * bits in place of 23. Processors that have instructions for it take half the time. The first
 * convolution, which sees the pixels, and the last layers, which make scores of features, stay as
 * they are. The answers change in the third digit, which is for the caller to compare.
 *
 * @see <a href="https://arxiv.org/abs/1905.12322">A Study of BFLOAT16 for Deep Learning
 *     Training</a>
 */
final class Bfloat16Convolutions {
  private static final String TYPE = "T";
  private static final String VALUE = "value";
  private static final String NARROW = "/bfloat16";
  private static final String CONVOLUTION = "Conv2D";

  /** Of which all inputs but constants have to be in bfloat16 already. */
  private static final Set<String> BETWEEN =
      Set.of("Add", "AddV2", "BiasAdd", "DepthwiseConv2dNative", "MaxPool", "Pad", "Relu", "Relu6");

  /** An image has fewer channels, and no features. */
  private static final int FEATURES = 5;

  private final GraphDef graph;
  private final Set<String> outputs;
  private final Map<String, NodeDef> nodes = new HashMap<>();

  /** What is computed in bfloat16. */
  private final Set<String> narrow = new HashSet<>();

  /** What is added, by name. */
  private final Map<String, NodeDef> added = new LinkedHashMap<>();

  private Bfloat16Convolutions(GraphDef graph, Set<String> outputs) {
    this.graph = graph;
    this.outputs = outputs;
    graph.getNodeList().forEach(node -> nodes.put(node.getName(), node));
    for (NodeDef node : graph.getNodeList()) {
      if (isConvolution(node) && !outputs.contains(node.getName())) {
        narrow.add(node.getName());
      }
    }
    // in the order of the graph, mostly one round; never more than there are nodes
    for (boolean more = !narrow.isEmpty(); more; ) {
      List<String> between =
          graph.getNodeList().stream()
              .filter(node -> isBetween(node) && !outputs.contains(node.getName()))
              .map(NodeDef::getName)
              .toList();
      more = narrow.addAll(between);
    }
  }

  /** Whether this process has what makes it fast: such a processor, and oneDNN. */
  static boolean areFast() {
    return switch (Processor.ofThisMachine().kind()) {
      case AMX, AVX512_BF16 -> TensorFlowEngine.hasOneDnn();
      case AVX512, AVX2, OTHER -> false;
    };
  }

  /**
   * The model with such convolutions; empty if it has none.
   *
   * @param model may have been {@linkplain WidenedConstants#folded folded}, and is to be widened
   *     then
   */
  static Optional<SavedModel> of(SavedModel model) {
    SavedModel.Builder changed = model.toBuilder();
    boolean any = false;
    for (MetaGraphDef.Builder graph : changed.getMetaGraphsBuilderList()) {
      Bfloat16Convolutions convolutions =
          new Bfloat16Convolutions(graph.getGraphDef(), outputs(graph));
      any |= !convolutions.narrow.isEmpty();
      graph.setGraphDef(convolutions.graph());
    }
    return any ? Optional.of(changed.build()) : Optional.empty();
  }

  private static Set<String> outputs(MetaGraphDef.Builder graph) {
    return graph.getSignatureDefMap().values().stream()
        .flatMap(signature -> signature.getOutputsMap().values().stream())
        .map(output -> WidenedConstants.producer(output.getName()))
        .collect(Collectors.toSet());
  }

  private boolean isConvolution(NodeDef node) {
    return node.getOp().equals(CONVOLUTION)
        && isFloat(node, TYPE)
        && node.getInputCount() == 2
        && isKernel(nodes.get(node.getInput(1)));
  }

  private static boolean isKernel(NodeDef node) {
    return node != null
        && isWhole(node)
        && tensor(node).getTensorShape().getDimCount() == 4
        && tensor(node).getTensorShape().getDim(2).getSize() >= FEATURES;
  }

  private boolean isBetween(NodeDef node) {
    return BETWEEN.contains(node.getOp())
        && isFloat(node, TYPE)
        && node.getInputList().stream().anyMatch(narrow::contains)
        && node.getInputList().stream()
            .allMatch(input -> narrow.contains(input) || isConstant(nodes.get(input)));
  }

  private static boolean isConstant(NodeDef node) {
    return node != null && node.getOp().equals("Const");
  }

  private static boolean isWhole(NodeDef node) {
    return WidenedConstants.isWhole(node, DataType.DT_FLOAT, Float.BYTES)
        || WidenedConstants.isWhole(node, DataType.DT_HALF, Short.BYTES);
  }

  private static TensorProto tensor(NodeDef node) {
    return node.getAttrOrDefault(VALUE, AttrValue.getDefaultInstance()).getTensor();
  }

  private static boolean isFloat(NodeDef node, String attribute) {
    return node.getAttrOrDefault(attribute, AttrValue.getDefaultInstance()).getType()
        == DataType.DT_FLOAT;
  }

  private GraphDef graph() {
    GraphDef.Builder changed = graph.toBuilder().clearNode();
    for (NodeDef node : graph.getNodeList()) {
      boolean isNarrow = narrow.contains(node.getName());
      NodeDef.Builder next = node.toBuilder().clearInput();
      node.getInputList().forEach(input -> next.addInput(isNarrow ? narrow(input) : wide(input)));
      if (isNarrow) {
        next.putAttr(TYPE, type(DataType.DT_BFLOAT16));
      }
      changed.addNode(next);
    }
    changed.addAllNode(added.values());
    // the constants that narrow ones were made of
    Set<String> replaced = new HashSet<>(nodes.keySet());
    replaced.removeIf(name -> !added.containsKey(name(name, NARROW)));
    WidenedConstants.removeUnused(changed, replaced, outputs);
    return changed.build();
  }

  /** An input of what is computed in bfloat16. */
  private String narrow(String input) {
    NodeDef node = nodes.get(input);
    if (input.startsWith("^") || narrow.contains(input) || isOther(node)) {
      return input;
    }
    String name = name(input, NARROW);
    added.computeIfAbsent(
        name,
        n ->
            isConstant(node) && isWhole(node)
                ? narrow(n, node)
                : cast(n, input, DataType.DT_FLOAT, DataType.DT_BFLOAT16));
    return name;
  }

  /** A constant that is no operand, such as how much is padded. */
  private static boolean isOther(NodeDef node) {
    return isConstant(node) && !isFloat(node, "dtype");
  }

  /** An input of what is not. */
  private String wide(String input) {
    if (input.startsWith("^") || !narrow.contains(WidenedConstants.producer(input))) {
      return input;
    }
    String name = name(input, "/float32");
    added.computeIfAbsent(name, n -> cast(n, input, DataType.DT_BFLOAT16, DataType.DT_FLOAT));
    return name;
  }

  private static String name(String input, String end) {
    return input.replace(':', '/') + end;
  }

  private static NodeDef cast(String name, String input, DataType from, DataType to) {
    return NodeDef.newBuilder()
        .setName(name)
        .setOp("Cast")
        .addInput(input)
        .putAttr("SrcT", type(from))
        .putAttr("DstT", type(to))
        .build();
  }

  private static AttrValue type(DataType type) {
    return AttrValue.newBuilder().setType(type).build();
  }

  private static NodeDef narrow(String name, NodeDef constant) {
    TensorProto stored = tensor(constant);
    TensorProto.Builder tensor =
        stored.toBuilder()
            .setDtype(DataType.DT_BFLOAT16)
            .setTensorContent(
                stored.getDtype() == DataType.DT_HALF
                    ? narrowHalves(stored.getTensorContent())
                    : narrow(stored.getTensorContent()));
    return constant.toBuilder()
        .setName(name)
        .putAttr("dtype", type(DataType.DT_BFLOAT16))
        .putAttr(VALUE, AttrValue.newBuilder().setTensor(tensor).build())
        .build();
  }

  private static ByteString narrow(ByteString floats) {
    ByteBuffer wide = floats.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    byte[] bytes = new byte[floats.size() / 2];
    ByteBuffer narrow = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    while (wide.hasRemaining()) {
      narrow.putShort(narrow(wide.getInt()));
    }
    return UnsafeByteOperations.unsafeWrap(bytes);
  }

  /** In the bytes of an array: millions of calls of a buffer take a start longer. */
  private static ByteString narrowHalves(ByteString halves) {
    byte[] bytes = halves.toByteArray();
    for (int i = 0; i < bytes.length; i += Short.BYTES) {
      short half = (short) ((bytes[i] & 0xff) | (bytes[i + 1] << 8));
      short narrow = narrow(WidenedConstants.wide(half));
      bytes[i] = (byte) narrow;
      bytes[i + 1] = (byte) (narrow >> 8);
    }
    return UnsafeByteOperations.unsafeWrap(bytes);
  }

  /** The upper half of a float32's bits, rounded to the nearest, to the even one of two. */
  static short narrow(int bits) {
    if ((bits & 0x7fffffff) > 0x7f800000) { // no number: some bit of its fraction has to stay
      return (short) ((bits >>> 16) | 0x40);
    }
    return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
  }
}
