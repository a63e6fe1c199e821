package io.pigeonhole.trainer.network;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.tensorflow.RawTensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

/** Constants of a graph, as protocol buffers have them. */
public final class Tensors {

  /** Numbers of a constant: those of the largest kernels, several times. */
  private static final int MOST = 1 << 28;

  private Tensors() {}

  /** The node of {@code name} or {@code name:output}. */
  public static String node(String tensor) {
    int colon = tensor.indexOf(':');
    return colon < 0 ? tensor : tensor.substring(0, colon);
  }

  /** A constant of any type that is no text. */
  public static NodeDef constant(String name, RawTensor tensor) {
    byte[] bytes = new byte[Math.toIntExact(tensor.numBytes())];
    if (bytes.length > 0) {
      tensor.data().read(bytes);
    }
    return constant(name, DataType.forNumber(tensor.dataType().getNumber()), tensor.shape(), bytes);
  }

  /** A constant of float32. */
  public static NodeDef constant(String name, Shape shape, float[] numbers) {
    ByteBuffer bytes =
        ByteBuffer.allocate(numbers.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(numbers);
    return constant(name, DataType.DT_FLOAT, shape, bytes.array());
  }

  private static NodeDef constant(String name, DataType type, Shape shape, byte[] bytes) {
    TensorProto value =
        TensorProto.newBuilder()
            .setDtype(type)
            .setTensorShape(shape(shape))
            .setTensorContent(ByteString.copyFrom(bytes))
            .build();
    return NodeDef.newBuilder()
        .setName(name)
        .setOp("Const")
        .putAttr("dtype", AttrValue.newBuilder().setType(type).build())
        .putAttr("value", AttrValue.newBuilder().setTensor(value).build())
        .build();
  }

  /** A shape as protocol buffers have it. */
  public static TensorShapeProto shape(Shape shape) {
    TensorShapeProto.Builder proto = TensorShapeProto.newBuilder();
    for (long side : shape.asArray()) {
      proto.addDim(TensorShapeProto.Dim.newBuilder().setSize(side));
    }
    return proto.build();
  }

  /** The shape of a constant. */
  public static Shape shape(NodeDef constant) {
    return Shape.of(
        value(constant).getTensorShape().getDimList().stream()
            .mapToLong(TensorShapeProto.Dim::getSize)
            .toArray());
  }

  /** Whether a node is a constant of float32. */
  public static boolean isFloats(NodeDef node) {
    return node.getOp().equals("Const") && value(node).getDtype() == DataType.DT_FLOAT;
  }

  /** The numbers of a constant of float32. Few values may stand for many: the last goes on. */
  public static float[] floats(NodeDef constant) {
    TensorProto value = value(constant);
    float[] numbers = new float[count(constant)];
    if (value.getTensorContent().isEmpty()) {
      for (int i = 0; i < numbers.length && value.getFloatValCount() > 0; i++) {
        numbers[i] = value.getFloatVal(Math.min(i, value.getFloatValCount() - 1));
      }
    } else {
      ByteBuffer bytes =
          value.getTensorContent().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
      bytes.asFloatBuffer().get(numbers);
    }
    return numbers;
  }

  /** The numbers of a constant of int32. */
  public static int[] ints(NodeDef constant) {
    TensorProto value = value(constant);
    if (value.getTensorContent().isEmpty()) {
      int[] numbers = new int[count(constant)];
      for (int i = 0; i < numbers.length && value.getIntValCount() > 0; i++) {
        numbers[i] = value.getIntVal(Math.min(i, value.getIntValCount() - 1));
      }
      return numbers;
    }
    ByteBuffer bytes =
        value.getTensorContent().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    int[] numbers = new int[bytes.remaining() / Integer.BYTES];
    bytes.asIntBuffer().get(numbers);
    return numbers;
  }

  /** A constant of int32 in one dimension. */
  public static NodeDef constant(String name, int... numbers) {
    ByteBuffer bytes =
        ByteBuffer.allocate(numbers.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(numbers);
    return constant(name, DataType.DT_INT32, Shape.of(numbers.length), bytes.array());
  }

  private static int count(NodeDef constant) {
    long count = shape(constant).size();
    if (count < 0 || count > MOST) {
      throw new IllegalArgumentException(
          "the constant '%s' has %s numbers".formatted(constant.getName(), shape(constant)));
    }
    return (int) count;
  }

  private static TensorProto value(NodeDef constant) {
    return constant.getAttrOrThrow("value").getTensor();
  }

  /** An attribute that is a type. */
  public static AttrValue type(DataType type) {
    return AttrValue.newBuilder().setType(type).build();
  }
}
