package io.pigeonhole.local.bench;

import ai.djl.engine.Engine;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.ByteDataBuffer;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/** The network, called directly: a TensorFlow session. */
final class Network {
  private static final int SIDE = 32;

  private final Session session;
  private final String images;
  private final String probabilities;

  Network(String folder) {
    Engine.getEngine("TensorFlow"); // says where the library is
    SavedModelBundle model = SavedModelBundle.load(folder, "serve");
    session = model.session();
    var signature = model.metaGraphDef().getSignatureDefOrThrow("serving_default");
    images = signature.getInputsOrThrow("images").getName();
    probabilities = signature.getOutputsOrThrow("probabilities").getName();
  }

  /** Room for so many images. */
  static byte[] images(int count) {
    return new byte[count * SIDE * SIDE * 3];
  }

  /** The probabilities of the first images. */
  float[] run(byte[] pixels, int count) {
    int bytes = count * SIDE * SIDE * 3;
    ByteDataBuffer data = DataBuffers.of(pixels, true, false).narrow(bytes);
    try (TUint8 input = TUint8.tensorOf(Shape.of(count, SIDE, SIDE, 3), data);
        Result result = session.runner().feed(images, input).fetch(probabilities).run()) {
      float[] all = new float[count * 10];
      ((TFloat32) result.get(0)).asRawTensor().data().asFloats().read(all);
      return all;
    }
  }
}
