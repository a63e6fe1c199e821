package io.pigeonhole.inference;

import io.pigeonhole.model.GraphPolicy;
import io.pigeonhole.model.Manifest;
import io.pigeonhole.model.ModelRefusedException;
import io.pigeonhole.model.ModelRepository;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.tensorflow.proto.SavedModel;

/** Brings a version from the repository into memory, past every check. */
final class ModelLoader {
  private final ModelRepository repository;
  private final TensorFlowEngine tensorflow;

  ModelLoader(ModelRepository repository, TensorFlowEngine tensorflow) {
    this.repository = repository;
    this.tensorflow = tensorflow;
  }

  /**
   * Downloads, verifies, loads and probes.
   *
   * @throws ModelRefusedException if it must not or cannot serve; another try does not help
   * @throws IOException if the repository does not answer; another try may help
   */
  ServedModel load(Manifest manifest) throws IOException, ModelRefusedException {
    tensorflow.start();
    Path folder = Files.createTempDirectory("pigeonhole-model-");
    try {
      repository.download(manifest, folder);
      Path savedModel = folder.resolve(Manifest.SAVED_MODEL);
      SavedModel model = GraphPolicy.check(savedModel);
      ServingSignature.check(model, manifest);
      Optional<SavedModel> wide = WidenedConstants.of(model);
      if (wide.isPresent()) {
        write(wide.get(), savedModel);
      }
      tensorflow.await();
      return ServedModel.load(folder, manifest);
    } finally {
      delete(folder);
    }
  }

  private static void write(SavedModel model, Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      model.writeTo(out);
    }
  }

  private static void delete(Path folder) throws IOException {
    List<Path> paths;
    try (Stream<Path> walk = Files.walk(folder)) {
      paths = walk.sorted(Comparator.reverseOrder()).toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    for (Path path : paths) {
      Files.deleteIfExists(path);
    }
  }
}
