package io.pigeonhole.trainer.base;

import io.pigeonhole.trainer.data.Download;
import io.pigeonhole.trainer.data.InvalidDataException;
import io.pigeonhole.trainer.recipe.BaseGraph;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

/**
 * Bases that are known by a name, fetched once from where they are published. Each is tried with an
 * image when it is read; whoever wants TensorFlow to have a certain number of threads claims them
 * before, for the first session decides.
 */
public final class NamedBases {

  /** The last layer, which is not needed, and what a format has beside the numbers. */
  private static final long MORE_BYTES = 16L << 20;

  private NamedBases() {}

  /**
   * The base of a name. Its weights are fetched into the cache if they are not there yet.
   *
   * @param cache the trainer's cache folder
   * @throws IllegalArgumentException if there is none; the message lists all
   * @throws InvalidDataException if something else than the weights is published now
   * @throws IOException if the weights cannot be fetched or read
   */
  public static BaseGraph of(String name, Path cache, Download.Listener listener)
      throws IOException, InvalidDataException {
    KnownBase base = named(name);
    return of(base, base.download(cache), listener);
  }

  /**
   * A base with its weights from another address than its publisher's.
   *
   * @param download of the base, maybe {@linkplain Download#from from} a mirror
   * @throws InvalidDataException if something else than the weights is there
   * @throws IOException if the weights cannot be fetched or read
   */
  public static BaseGraph of(KnownBase base, Download download, Download.Listener listener)
      throws IOException, InvalidDataException {
    Path file = download.fetch(listener);
    try {
      return read(base, file);
    } catch (InvalidWeightsException e) {
      if (download.checksum().isEmpty()) { // nothing else would find out that it is damaged
        Files.delete(file);
      }
      throw e;
    }
  }

  /**
   * The base of a name, its weights in a file that somebody has brought along: as they are
   * published, as Keras 3 writes them, or safetensors by the names of Keras' layers.
   *
   * @throws IllegalArgumentException if there is none; the message lists all
   * @throws IOException if the file cannot be read or has not the weights of this network; the
   *     message names the array, what was expected, and what was found
   */
  public static BaseGraph of(String name, Path file) throws IOException {
    return read(named(name), file);
  }

  private static KnownBase named(String name) {
    return KnownBase.named(name)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no base '%s'; there are: %s"
                        .formatted(
                            name,
                            KnownBase.all().stream()
                                .map(KnownBase::name)
                                .collect(Collectors.joining(", ")))));
  }

  private static BaseGraph read(KnownBase base, Path file) throws IOException {
    try (LayerWeights weights = LayerWeights.open(file, base.bytes() + MORE_BYTES)) {
      return base.architecture().build(weights);
    }
  }
}
