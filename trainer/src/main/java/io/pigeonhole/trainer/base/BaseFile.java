package io.pigeonhole.trainer.base;

import io.pigeonhole.trainer.network.SavedModelExport;
import io.pigeonhole.trainer.network.Tensors;
import io.pigeonhole.trainer.recipe.BaseGraph;
import java.io.IOException;
import java.nio.file.Path;
import org.tensorflow.TensorFlow;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;

/** A base as a SavedModel of one file. */
final class BaseFile {

  private BaseFile() {}

  static void write(BaseGraph base, Path file) throws IOException {
    SignatureDef signature =
        SignatureDef.newBuilder()
            .putInputs("images", tensor(base.images(), DataType.DT_UINT8, -1, -1, -1, 3))
            .putOutputs("features", tensor(base.features(), DataType.DT_FLOAT, -1, base.count()))
            .build();
    SavedModelExport.write(base.graph(), signature, file, TensorFlow.version());
  }

  private static TensorInfo tensor(String node, DataType type, long... shape) {
    return TensorInfo.newBuilder()
        .setName(node + ":0")
        .setDtype(type)
        .setTensorShape(Tensors.shape(Shape.of(shape)))
        .build();
  }
}
