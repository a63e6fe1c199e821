package io.pigeonhole.inference;

import io.pigeonhole.model.Input;
import io.pigeonhole.model.Manifest;
import io.pigeonhole.model.ModelRefusedException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;

/**
 * Whether the {@code serving_default} signature of a SavedModel takes and gives what its manifest
 * says.
 */
final class ServingSignature {
  private static final String TAG = "serve";
  private static final String SIGNATURE = "serving_default";
  private static final int OPEN = -1;

  private ServingSignature() {}

  /**
   * Compares.
   *
   * @throws ModelRefusedException if they differ; the message says what was expected and found
   */
  static void check(SavedModel model, Manifest manifest) throws ModelRefusedException {
    SignatureDef signature = signature(model);
    Input input = manifest.input();
    TensorInfo images = only(signature.getInputsMap(), input.tensor());
    DataType type = input.dtype() == Input.Dtype.UINT8 ? DataType.DT_UINT8 : DataType.DT_FLOAT;
    require(
        "input " + input.tensor(),
        images,
        type,
        List.of(OPEN, input.height(), input.width(), input.channels()));
    String output = manifest.output().tensor();
    TensorInfo probabilities = named(signature.getOutputsMap(), output, "output");
    require(
        "output " + output,
        probabilities,
        DataType.DT_FLOAT,
        List.of(OPEN, manifest.classes().size()));
    Optional<String> novelty = manifest.output().novelty();
    if (novelty.isPresent()) {
      require(
          "output " + novelty.get(),
          named(signature.getOutputsMap(), novelty.get(), "output"),
          DataType.DT_FLOAT,
          List.of(OPEN));
    }
  }

  private static SignatureDef signature(SavedModel model) throws ModelRefusedException {
    MetaGraphDef graph =
        model.getMetaGraphsList().stream()
            .filter(g -> g.getMetaInfoDef().getTagsList().equals(List.of(TAG)))
            .findFirst()
            .orElseThrow(
                () -> new ModelRefusedException("the SavedModel has no graph with the tag " + TAG));
    return named(graph.getSignatureDefMap(), SIGNATURE, "signature");
  }

  private static TensorInfo only(Map<String, TensorInfo> inputs, String name)
      throws ModelRefusedException {
    TensorInfo info = named(inputs, name, "input");
    if (inputs.size() != 1) {
      throw new ModelRefusedException(
          "the signature takes %s, expected only %s".formatted(inputs.keySet(), name));
    }
    return info;
  }

  private static <T> T named(Map<String, T> map, String name, String what)
      throws ModelRefusedException {
    T found = map.get(name);
    if (found == null) {
      throw new ModelRefusedException(
          "the SavedModel has no %s '%s', it has %s".formatted(what, name, map.keySet()));
    }
    return found;
  }

  private static void require(String what, TensorInfo info, DataType type, List<Integer> shape)
      throws ModelRefusedException {
    if (info.getDtype() != type || !fits(info.getTensorShape(), shape)) {
      String found =
          info.getTensorShape().getUnknownRank()
              ? "of unknown rank"
              : info.getTensorShape().getDimList().stream()
                  .map(TensorShapeProto.Dim::getSize)
                  .toList()
                  .toString();
      throw new ModelRefusedException(
          "the signature's %s is %s %s, expected %s %s"
              .formatted(what, info.getDtype(), found, type, shape));
    }
  }

  /** The graph may leave a dimension open that the manifest fixes, but not the reverse. */
  private static boolean fits(TensorShapeProto found, List<Integer> expected) {
    return found.getUnknownRank()
        || (found.getDimCount() == expected.size()
            && IntStream.range(0, expected.size())
                .allMatch(
                    i ->
                        found.getDim(i).getSize() == OPEN
                            || found.getDim(i).getSize() == expected.get(i)));
  }
}
