package io.pigeonhole.trainer.base;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The weights of a network's layers, which are asked for one after the other. */
interface LayerWeights extends AutoCloseable {

  /** Where they come from, for messages. */
  String origin();

  /**
   * The arrays of the next layer. Layers of one kind have to come in Keras' own order; a file of
   * Keras may know them by nothing else.
   *
   * @return numbers of each array in row-major order, all finite
   * @throws IOException if they are not there, or are something else; the message names the file,
   *     the array, what was expected, and what was found
   */
  List<float[]> next(WeightLayer layer) throws IOException;

  /**
   * Says that there are no more layers.
   *
   * @throws IOException if the file has more of them
   */
  void end() throws IOException;

  @Override
  void close() throws IOException;

  /**
   * Opens a file of weights: Keras' HDF5 (of both layouts) or safetensors.
   *
   * @param most how many bytes the file may have
   * @throws IOException if it is neither, or has more
   */
  static LayerWeights open(Path file, long most) throws IOException {
    if (Files.size(file) > most) {
      throw new InvalidWeightsException(
          "%s has %d bytes; expected weights in at most %d"
              .formatted(file, Files.size(file), most));
    }
    byte[] start = new byte[Hdf5Weights.SIGNATURE.length()];
    try (InputStream in = Files.newInputStream(file)) {
      in.readNBytes(start, 0, start.length);
    }
    return new String(start, StandardCharsets.ISO_8859_1).equals(Hdf5Weights.SIGNATURE)
        ? Hdf5Weights.open(file)
        : SafetensorsWeights.open(file);
  }
}
