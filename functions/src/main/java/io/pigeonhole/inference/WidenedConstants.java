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
    SavedModel.Builder wide = model.toBuilder();
    boolean any = false;
    for (MetaGraphDef.Builder graph : wide.getMetaGraphsBuilderList()) {
      WidenedConstants widened = new WidenedConstants(graph.getGraphDef());
      any |= !widened.constants.isEmpty();
      graph.setGraphDef(widened.graph());
    }
    return any ? Optional.of(wide.build()) : Optional.empty();
  }

  private GraphDef graph() {
    GraphDef.Builder wide = graph.toBuilder().clearNode();
    Set<String> used = new HashSet<>();
    for (NodeDef node : graph.getNodeList()) {
      NodeDef next = widened(node);
      next.getInputList().forEach(input -> used.add(producer(input)));
      wide.addNode(next);
    }
    for (int i = wide.getNodeCount() - 1; i >= 0; i--) {
      String name = wide.getNode(i).getName();
      if (constants.containsKey(name) && !used.contains(name)) {
        wide.removeNode(i);
      }
    }
    return wide.build();
  }

  private NodeDef widened(NodeDef node) {
    if (casts(node, DataType.DT_HALF) && constants.containsKey(producer(node.getInput(0)))) {
      return wide(node.getName(), constants.get(producer(node.getInput(0))));
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
    return isWhole(node, DataType.DT_HALF, Short.BYTES);
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

  private static NodeDef wide(String name, NodeDef half) {
    TensorProto tensor = half.getAttrOrThrow(VALUE).getTensor();
    TensorProto.Builder wide =
        tensor.toBuilder()
            .setDtype(DataType.DT_FLOAT)
            .setTensorContent(wide(tensor.getTensorContent()));
    return half.toBuilder()
        .setName(name)
        .putAttr("dtype", AttrValue.newBuilder().setType(DataType.DT_FLOAT).build())
        .putAttr(VALUE, AttrValue.newBuilder().setTensor(wide).build())
        .build();
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
