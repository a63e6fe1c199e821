package io.pigeonhole.trainer.base;

import io.pigeonhole.trainer.network.Safetensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.ndarray.Shape;

/** Weights in a safetensors file: arrays {@code LAYER/ARRAY} by the names of Keras' application. */
final class SafetensorsWeights implements LayerWeights {

  private final Path file;
  private final Safetensors arrays;

  private SafetensorsWeights(Path file, Safetensors arrays) {
    this.file = file;
    this.arrays = arrays;
  }

  /** Reads a file as a whole. */
  static SafetensorsWeights open(Path file) throws IOException {
    try {
      return new SafetensorsWeights(file, Safetensors.read(file));
    } catch (IOException e) {
      throw new InvalidWeightsException(
          "%s is no file of weights, neither Keras' HDF5 nor safetensors: %s"
              .formatted(file, e.getMessage()),
          e);
    }
  }

  @Override
  public String origin() {
    return file.toString();
  }

  @Override
  public List<float[]> next(WeightLayer layer) throws IOException {
    List<float[]> found = new ArrayList<>();
    for (WeightLayer.Array array : layer.arrays()) {
      String name = layer.name() + "/" + array.name();
      ArrayPlace place = new ArrayPlace(file, name, layer.name());
      Shape shape = arrays.shapes().get(name);
      if (shape == null) {
        throw place.wrong("the shape " + array.shape(), "no such array");
      }
      place.requireShape(array.shape(), shape.asArray());
      found.add(place.requireFinite(arrays.weights().get(name)));
    }
    return found;
  }

  /** Other arrays do no harm where arrays are found by their names. */
  @Override
  public void end() {}

  @Override
  public void close() {}
}
