package io.pigeonhole.trainer.base;

import com.google.protobuf.CodedOutputStream;
import io.pigeonhole.trainer.network.Tensors;
import io.pigeonhole.trainer.recipe.BaseGraph;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.tensorflow.TensorFlow;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;

/** A base as a SavedModel of one file. */
final class BaseFile {

  private BaseFile() {}

  static void write(BaseGraph base, Path file) throws IOException {
    SignatureDef signature =
        SignatureDef.newBuilder()
            .setMethodName("tensorflow/serving/predict")
            .putInputs("images", tensor(base.images(), DataType.DT_UINT8, -1, -1, -1, 3))
            .putOutputs("features", tensor(base.features(), DataType.DT_FLOAT, -1, base.count()))
            .build();
    MetaGraphDef.MetaInfoDef info =
        MetaGraphDef.MetaInfoDef.newBuilder()
            .addTags("serve")
            .setTensorflowVersion(TensorFlow.version())
            .build();
    SavedModel model =
        SavedModel.newBuilder()
            .setSavedModelSchemaVersion(1)
            .addMetaGraphs(
                MetaGraphDef.newBuilder()
                    .setMetaInfoDef(info)
                    .setGraphDef(base.graph())
                    .putSignatureDef("serving_default", signature))
            .build();
    try (OutputStream out = Files.newOutputStream(file)) {
      CodedOutputStream coded = CodedOutputStream.newInstance(out);
      coded.useDeterministicSerialization();
      model.writeTo(coded);
      coded.flush();
    }
  }

  private static TensorInfo tensor(String node, DataType type, long... shape) {
    return TensorInfo.newBuilder()
        .setName(node + ":0")
        .setDtype(type)
        .setTensorShape(Tensors.shape(Shape.of(shape)))
        .build();
  }
}
