package io.pigeonhole.trainer.base;

import io.pigeonhole.model.ModelRefusedException;
import io.pigeonhole.trainer.network.SavedModelExport;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;

/**
 * What a SavedModel says that it takes and gives.
 *
 * @param input tensor of {@code [n, height, width, 3]}
 * @param bytes whether that is {@code uint8} and not {@code float32}
 * @param height 0 where any will do
 * @param width 0 where any will do
 * @param output tensor of {@code float32}
 * @param outputRank its dimensions; 0 if that is not known
 */
record ImportedSignature(
    String input, boolean bytes, int height, int width, String output, int outputRank) {

  private static final List<String> NAMES = List.of("serving_default", "serve");
  private static final int CHANNELS = 3;

  /**
   * Reads the signature that serves.
   *
   * @throws ModelRefusedException if it takes anything but images, or gives more than one answer
   */
  static ImportedSignature of(MetaGraphDef graph) throws ModelRefusedException {
    Map<String, SignatureDef> all = new TreeMap<>(graph.getSignatureDefMap());
    all.keySet().removeIf(name -> name.startsWith("__"));
    SignatureDef signature =
        NAMES.stream()
            .filter(all::containsKey)
            .findFirst()
            .map(all::get)
            .orElseThrow(
                () ->
                    new ModelRefusedException(
                        "it has no signature 'serving_default' or 'serve', only %s"
                            .formatted(all.keySet())));
    TensorInfo input = only("input", signature.getInputsMap());
    TensorInfo output = only("output", answers(signature));
    List<TensorShapeProto.Dim> sides = input.getTensorShape().getDimList();
    DataType type = input.getDtype();
    if (type != DataType.DT_UINT8 && type != DataType.DT_FLOAT) {
      throw new ModelRefusedException(
          "it takes %s; expected images as uint8 or float32".formatted(name(type)));
    }
    if (output.getDtype() != DataType.DT_FLOAT) {
      throw new ModelRefusedException(
          "it gives %s; expected float32".formatted(name(output.getDtype())));
    }
    if (sides.size() != 4 || sides.get(3).getSize() != CHANNELS) {
      throw new ModelRefusedException(
          "it takes %s; expected [n, height, width, 3]".formatted(shape(input)));
    }
    if (sides.get(0).getSize() != -1) {
      throw new ModelRefusedException(
          "it takes %d images at a time; expected any number".formatted(sides.get(0).getSize()));
    }
    int height = (int) Math.max(0, sides.get(1).getSize());
    int width = (int) Math.max(0, sides.get(2).getSize());
    if (height != width) {
      throw new ModelRefusedException(
          "it takes images of %d×%d; expected squares".formatted(height, width));
    }
    boolean unknown = output.getTensorShape().getUnknownRank();
    return new ImportedSignature(
        input.getName(),
        type == DataType.DT_UINT8,
        height,
        width,
        output.getName(),
        unknown ? 0 : output.getTensorShape().getDimCount());
  }

  /** Without the novelty, which the models of this trainer answer beside their probabilities. */
  private static Map<String, TensorInfo> answers(SignatureDef signature) {
    Map<String, TensorInfo> outputs = new TreeMap<>(signature.getOutputsMap());
    if (outputs.size() > 1) {
      outputs.remove(SavedModelExport.NOVELTY);
    }
    return outputs;
  }

  private static TensorInfo only(String what, Map<String, TensorInfo> tensors)
      throws ModelRefusedException {
    if (tensors.size() != 1) {
      throw new ModelRefusedException(
          "it has %d %ss, %s; expected one"
              .formatted(tensors.size(), what, new TreeMap<>(tensors).keySet()));
    }
    return tensors.values().iterator().next();
  }

  private static String name(DataType type) {
    return type.name().replaceFirst("DT_", "").toLowerCase(java.util.Locale.ROOT);
  }

  private static String shape(TensorInfo tensor) {
    return tensor.getTensorShape().getUnknownRank()
        ? "a tensor of any rank"
        : tensor.getTensorShape().getDimList().stream()
            .map(each -> each.getSize() < 0 ? "n" : Long.toString(each.getSize()))
            .toList()
            .toString();
  }
}
