package io.pigeonhole.inference;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.NodeDefOrBuilder;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

/**
 * Makes constants of 32 bits of kernels that are stored in 16 to be small. TensorFlow would widen
 * them itself, but oneDNN brings only those kernels into its own order once, instead of before
 * every run, that are constants where they are used. The answers stay the same, to the bit.
 */
final class WidenedConstants {
  private static final String CAST = "Cast";
  private static final String VALUE = "value";
  private static final String TYPE = "dtype";

  private final GraphDef graph;
  private final Map<String, NodeDef> constants = new HashMap<>();

  /** Casts that change nothing, and what they are given. */
  private final Map<String, String> passed = new HashMap<>();

  private WidenedConstants(GraphDef graph) {
    this.graph = graph;
    for (NodeDef node : graph.getNodeList()) {
      if (isHalf(node)) {
        constants.put(node.getName(), node);
      } else if (casts(node, DataType.DT_FLOAT)) {
        passed.put(node.getName(), node.getInput(0));
      }
    }
  }

  /** The model with wide constants; empty if it has none to widen. */
  static Optional<SavedModel> of(SavedModel model) {
    return folded(model).map(WidenedConstants::widened);
  }

  /**
   * The model with constants in the places of the casts that widen them, as it was stored: of
   * float32, with numbers of 16 bits, which TensorFlow does not know. Empty if it has none to
   * widen.
   */
  static Optional<SavedModel> folded(SavedModel model) {
    SavedModel.Builder changed = model.toBuilder();
    boolean any = false;
    for (MetaGraphDef.Builder graph : changed.getMetaGraphsBuilderList()) {
      WidenedConstants widened = new WidenedConstants(graph.getGraphDef());
      any |= !widened.constants.isEmpty();
      graph.setGraphDef(widened.graph());
    }
    return any ? Optional.of(changed.build()) : Optional.empty();
  }

  /** What was folded, as TensorFlow knows it. */
  static SavedModel widened(SavedModel folded) {
    SavedModel.Builder changed = folded.toBuilder();
    for (MetaGraphDef.Builder graph : changed.getMetaGraphsBuilderList()) {
      for (NodeDef.Builder node : graph.getGraphDefBuilder().getNodeBuilderList()) {
        if (isFolded(node)) {
          node.putAttr(VALUE, wide(node.getAttrOrThrow(VALUE).getTensor()));
        }
      }
    }
    return changed.build();
  }

  private GraphDef graph() {
    GraphDef.Builder folded = graph.toBuilder().clearNode();
    graph.getNodeList().forEach(node -> folded.addNode(folded(node)));
    removeUnused(folded, constants.keySet(), Set.of());
    return folded.build();
  }

  /** Removes those of some nodes that no other has as an input, and that are no outputs. */
  static void removeUnused(GraphDef.Builder graph, Set<String> some, Set<String> outputs) {
    Set<String> used = new HashSet<>(outputs);
    for (NodeDef node : graph.getNodeList()) {
      node.getInputList().forEach(input -> used.add(producer(input)));
    }
    for (int i = graph.getNodeCount() - 1; i >= 0; i--) {
      String name = graph.getNode(i).getName();
      if (some.contains(name) && !used.contains(name)) {
        graph.removeNode(i);
      }
    }
  }

  private NodeDef folded(NodeDef node) {
    if (casts(node, DataType.DT_HALF) && constants.containsKey(producer(node.getInput(0)))) {
      NodeDef half = constants.get(producer(node.getInput(0)));
      return half.toBuilder()
          .setName(node.getName())
          .putAttr(TYPE, AttrValue.newBuilder().setType(DataType.DT_FLOAT).build())
          .build();
    }
    NodeDef.Builder next = node.toBuilder().clearInput();
    node.getInputList().forEach(input -> next.addInput(source(input)));
    return next.build();
  }

  /** Where an input comes from, behind all casts that change nothing. */
  private String source(String input) {
    String source = input;
    // no longer than there are casts: a stranger's may go in a circle
    for (int i = 0; i < passed.size() && passed.containsKey(source); i++) {
      source = passed.get(source);
    }
    return source;
  }

  /** The node of an input, {@code name}, {@code name:output} or {@code ^name}. */
  static String producer(String input) {
    return input.replaceFirst("^\\^", "").replaceFirst(":\\d+$", "");
  }

  /** Whether it casts to float32 from a type, after nothing else. */
  private static boolean casts(NodeDef node, DataType from) {
    return node.getOp().equals(CAST)
        && node.getInputCount() == 1
        && node.getAttrOrDefault("SrcT", AttrValue.getDefaultInstance()).getType() == from
        && node.getAttrOrDefault("DstT", AttrValue.getDefaultInstance()).getType()
            == DataType.DT_FLOAT;
  }

  private static boolean isHalf(NodeDef node) {
    return isWhole(node, DataType.DT_HALF, Short.BYTES) && type(node) == DataType.DT_HALF;
  }

  /** Whether it was folded: what it says to be is not what it holds. */
  private static boolean isFolded(NodeDefOrBuilder node) {
    return node.getOp().equals("Const")
        && type(node) == DataType.DT_FLOAT
        && node.getAttrOrDefault(VALUE, AttrValue.getDefaultInstance()).getTensor().getDtype()
            == DataType.DT_HALF;
  }

  private static DataType type(NodeDefOrBuilder constant) {
    return constant.getAttrOrDefault(TYPE, AttrValue.getDefaultInstance()).getType();
  }

  /** Whether it is a constant of which each number is there, so that none stands for several. */
  static boolean isWhole(NodeDef node, DataType type, int bytes) {
    TensorProto tensor = node.getAttrOrDefault(VALUE, AttrValue.getDefaultInstance()).getTensor();
    return node.getOp().equals("Const")
        && node.getInputCount() == 0
        && tensor.getDtype() == type
        && tensor.getTensorContent().size() == bytes * count(tensor.getTensorShape());
  }

  private static long count(TensorShapeProto shape) {
    return shape.getDimList().stream()
        .mapToLong(TensorShapeProto.Dim::getSize)
        .reduce(1, (a, b) -> a * b);
  }

  private static AttrValue wide(TensorProto half) {
    TensorProto.Builder wide =
        half.toBuilder()
            .setDtype(DataType.DT_FLOAT)
            .setTensorContent(wide(half.getTensorContent()));
    return AttrValue.newBuilder().setTensor(wide).build();
  }

  private static ByteString wide(ByteString halves) {
    ByteBuffer narrow = halves.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    byte[] bytes = new byte[2 * halves.size()];
    ByteBuffer wide = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    while (narrow.hasRemaining()) {
      wide.putInt(wide(narrow.getShort()));
    }
    return UnsafeByteOperations.unsafeWrap(bytes);
  }

  /** IEEE 754's binary16 as the bits of a binary32: exact for every number. */
  static int wide(short half) {
    int sign = (half & 0x8000) << 16;
    int exponent = (half >> 10) & 0x1f;
    int fraction = half & 0x3ff;
    if (exponent == 0x1f) {
      return sign | 0x7f800000 | (fraction << 13);
    }
    if (exponent == 0) { // zero, or a subnormal number: a multiple of 2⁻²⁴
      return sign | Float.floatToRawIntBits(fraction * 0x1p-24f);
    }
    return sign | ((exponent + 112) << 23) | (fraction << 13);
  }
}
