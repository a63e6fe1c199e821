package io.pigeonhole.trainer.network;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;

/**
 * Writes a serving graph as a SavedModel of one file. There is nothing to restore, so there is no
 * saver in it: what the functions load is what is needed to answer, and the same weights make the
 * same bytes.
 */
public final class SavedModelExport {

  /** The key of how novel images are. */
  public static final String NOVELTY = "novelty";

  private static final String SERVE = "serve";
  private static final String SIGNATURE = "serving_default";
  private static final String PREDICT = "tensorflow/serving/predict";

  private SavedModelExport() {}

  /**
   * Writes {@code saved_model.pb}.
   *
   * @param file to write
   * @param version of the TensorFlow library, for the file's header
   */
  public static void write(ServingGraph graph, Path file, String version) throws IOException {
    SignatureDef.Builder signature =
        SignatureDef.newBuilder()
            .putInputs("images", tensor(graph.images(), DataType.DT_UINT8))
            .putOutputs("probabilities", tensor(graph.probabilities(), DataType.DT_FLOAT));
    graph
        .novelty()
        .ifPresent(each -> signature.putOutputs(NOVELTY, tensor(each, DataType.DT_FLOAT)));
    write(graph.graph().toGraphDef(), signature.build(), file, version);
  }

  /**
   * Writes a graph that needs no variables.
   *
   * @param signature what it takes and gives
   * @param file to write
   * @param version of the TensorFlow library, for the file's header
   */
  public static void write(GraphDef graph, SignatureDef signature, Path file, String version)
      throws IOException {
    MetaGraphDef.MetaInfoDef info =
        MetaGraphDef.MetaInfoDef.newBuilder().addTags(SERVE).setTensorflowVersion(version).build();
    SavedModel model =
        SavedModel.newBuilder()
            .setSavedModelSchemaVersion(1)
            .addMetaGraphs(
                MetaGraphDef.newBuilder()
                    .setMetaInfoDef(info)
                    .setGraphDef(graph)
                    .putSignatureDef(
                        SIGNATURE, signature.toBuilder().setMethodName(PREDICT).build()))
            .build();
    try (OutputStream out = Files.newOutputStream(file)) {
      CodedOutputStream coded = CodedOutputStream.newInstance(out);
      coded.useDeterministicSerialization();
      model.writeTo(coded);
      coded.flush();
    }
  }

  private static TensorInfo tensor(Operand<?> operand, DataType type) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    Shape dimensions = operand.asOutput().shape();
    for (int i = 0; i < dimensions.numDimensions(); i++) {
      shape.addDim(TensorShapeProto.Dim.newBuilder().setSize(dimensions.get(i)));
    }
    return TensorInfo.newBuilder()
        .setName(operand.asOutput().op().name() + ":" + operand.asOutput().index())
        .setDtype(type)
        .setTensorShape(shape)
        .build();
  }
}
