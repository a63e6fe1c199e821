package io.pigeonhole.trainer.base;

import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import io.jhdf.api.dataset.ContiguousDataset;
import io.jhdf.object.datatype.FloatingPoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Weights as Keras writes them with <a href="https://docs.hdfgroup.org/hdf5/">HDF5</a>, in one of
 * its two layouts. Only arrays that the network has are read, and only if they have the network's
 * shape: a file cannot make anything larger than the network. Keras compresses no weights, so
 * nothing is unpacked, and links out of the file are not followed.
 */
final class Hdf5Weights implements LayerWeights {

  /** What an HDF5 file begins with. */
  static final String SIGNATURE = "\u0089HDF\r\n\u001a\n";

  private final Path file;
  private final HdfFile hdf;
  private final LayerPaths paths;

  private Hdf5Weights(Path file, HdfFile hdf, LayerPaths paths) {
    this.file = file;
    this.hdf = hdf;
    this.paths = paths;
  }

  static Hdf5Weights open(Path file) throws IOException {
    return guarded(
        file,
        () -> {
          HdfFile hdf = HdfFile.fromByteBuffer(mapped(file));
          try {
            return new Hdf5Weights(file, hdf, paths(file, hdf));
          } catch (IOException | RuntimeException | Error e) {
            hdf.close();
            throw e;
          }
        });
  }

  /**
   * Of memory that is mapped, the library takes parts; of a file, it reads as much as that says.
   */
  private static ByteBuffer mapped(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
    }
  }

  private static LayerPaths paths(Path file, HdfFile hdf) throws IOException {
    if (HdfNodes.find(hdf, NumberedLayers.GROUP).isPresent()) {
      return new NumberedLayers(file, hdf);
    }
    Group listed =
        HdfNodes.find(hdf, ListedLayers.OF_MODEL).orElse(hdf) instanceof Group group ? group : hdf;
    if (!listed.getAttributes().containsKey(ListedLayers.NAMES)) {
      throw new InvalidWeightsException(
          "%s is HDF5, but not weights of Keras: expected a group '%s' or an attribute '%s'"
              .formatted(file, NumberedLayers.GROUP, ListedLayers.NAMES));
    }
    return ListedLayers.of(file, listed);
  }

  @Override
  public String origin() {
    return file.toString();
  }

  @Override
  public List<float[]> next(WeightLayer layer) throws IOException {
    return guarded(
        file,
        () -> {
          List<String> arrays = paths.next(layer);
          if (arrays.size() != layer.arrays().size()) {
            throw new InvalidWeightsException(
                "%s: layer %s: expected the arrays %s, found %s"
                    .formatted(
                        file,
                        layer.name(),
                        layer.arrays().stream().map(WeightLayer.Array::name).toList(),
                        arrays));
          }
          List<float[]> found = new ArrayList<>();
          for (int i = 0; i < arrays.size(); i++) {
            ArrayPlace place = new ArrayPlace(file, arrays.get(i), layer.name());
            found.add(numbers(place, layer.arrays().get(i)));
          }
          return found;
        });
  }

  private float[] numbers(ArrayPlace place, WeightLayer.Array array) throws IOException {
    Node node =
        HdfNodes.find(hdf, place.array())
            .orElseThrow(() -> place.wrong("an array", "nothing of this name"));
    if (!(node instanceof Dataset dataset)) {
      throw place.wrong("an array", "a group");
    }
    place.requireShape(
        array.shape(), Arrays.stream(dataset.getDimensions()).asLongStream().toArray());
    if (!(dataset.getDataType() instanceof FloatingPoint type) || type.getSize() != Float.BYTES) {
      throw place.wrong(
          "numbers of type float32",
          "%s of %d bytes"
              .formatted(
                  dataset.getDataType().getClass().getSimpleName(),
                  dataset.getDataType().getSize()));
    }
    if (!(dataset instanceof ContiguousDataset contiguous)) {
      throw place.wrong(
          "numbers in one piece, as Keras writes them", String.valueOf(dataset.getDataLayout()));
    }
    float[] numbers = new float[Math.toIntExact(array.shape().size())];
    if (dataset.isEmpty()) {
      throw place.wrong(numbers.length + " numbers", "none");
    }
    long end = contiguous.getDataAddress() + (long) numbers.length * Float.BYTES;
    if (contiguous.getDataAddress() < 0 || end > Files.size(file)) {
      throw place.wrong(
          "a file of at least %d bytes".formatted(end), "only %d".formatted(Files.size(file)));
    }
    ByteBuffer bytes = contiguous.getBuffer();
    bytes.order(type.getByteOrder()).asFloatBuffer().get(numbers);
    return place.requireFinite(numbers);
  }

  @Override
  public void end() throws IOException {
    guarded(
        file,
        () -> {
          paths.end();
          return null;
        });
  }

  @Override
  public void close() {
    hdf.close();
  }

  /** What reads a file. */
  private interface Reading<T> {
    T read() throws IOException;
  }

  /** A damaged file may lead the library anywhere. */
  private static <T> T guarded(Path file, Reading<T> reading) throws IOException {
    try {
      return reading.read();
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      throw new InvalidWeightsException(
          "%s is no whole HDF5 file: %s".formatted(file, e.getMessage()), e);
    }
  }
}
