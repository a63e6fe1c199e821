package io.pigeonhole.local.bench;

import ai.djl.engine.Engine;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.ByteDataBuffer;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/** The network, called directly: a TensorFlow session. */
final class Network {
  private static final int SIDE = 32;

  private final Session session;
  private final String images;
  private final String probabilities;

  /** Loads the SavedModel of a folder as it is. */
  Network(String folder) {
    Engine.getEngine("TensorFlow"); // says where the library is
    SavedModelBundle model = SavedModelBundle.load(folder, "serve");
    session = model.session();
    var signature = model.metaGraphDef().getSignatureDefOrThrow("serving_default");
    images = signature.getInputsOrThrow("images").getName();
    probabilities = signature.getOutputsOrThrow("probabilities").getName();
  }

  /** Loads the SavedModel of a folder as the functions change it, whose class path this is. */
  static Network served(String folder, boolean bfloat16) throws Exception {
    SavedModel model = SavedModel.parseFrom(Files.readAllBytes(Path.of(folder, "saved_model.pb")));
    model = changed("WidenedConstants", model);
    if (bfloat16 && (boolean) method("Bfloat16Convolutions", "areFast").invoke(null)) {
      model = changed("Bfloat16Convolutions", model);
    }
    Path changed = Files.createTempDirectory("network-");
    Path file = Files.write(changed.resolve("saved_model.pb"), model.toByteArray());
    try {
      return new Network(changed.toString());
    } finally {
      Files.delete(file);
      Files.delete(changed);
    }
  }

  private static SavedModel changed(String how, SavedModel model)
      throws ReflectiveOperationException {
    Optional<?> changed = (Optional<?>) method(how, "of", SavedModel.class).invoke(null, model);
    return changed.map(SavedModel.class::cast).orElse(model);
  }

  private static Method method(String type, String name, Class<?>... parameters)
      throws ReflectiveOperationException {
    Method method =
        Class.forName("io.pigeonhole.inference." + type).getDeclaredMethod(name, parameters);
    method.setAccessible(true);
    return method;
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
