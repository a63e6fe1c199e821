package io.pigeonhole.inference;

import io.pigeonhole.model.GraphPolicy;
import io.pigeonhole.model.Manifest;
import io.pigeonhole.model.ModelRefusedException;
import io.pigeonhole.model.ModelRepository;
import io.pigeonhole.model.ProbeAnswers;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.tensorflow.proto.SavedModel;

/** Brings a version from the repository into memory, past every check. */
final class ModelLoader {
  private static final Logger LOG = Logger.getLogger(ModelLoader.class);

  private final ModelRepository repository;
  private final TensorFlowEngine tensorflow;
  private final boolean bfloat16;

  /**
   * Loads models of a repository.
   *
   * @param bfloat16 whether convolutions are to be computed in bfloat16, if answers stay close
   */
  ModelLoader(ModelRepository repository, TensorFlowEngine tensorflow, boolean bfloat16) {
    this.repository = repository;
    this.tensorflow = tensorflow;
    this.bfloat16 = bfloat16;
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
      Optional<SavedModel> folded = WidenedConstants.folded(model);
      Optional<ServedModel> narrow = narrow(folded.orElse(model), folder, manifest);
      if (narrow.isPresent()) {
        return narrow.get();
      }
      if (folded.isPresent()) {
        write(WidenedConstants.widened(folded.get()), savedModel);
      }
      tensorflow.await();
      return ServedModel.load(folder, manifest, ProbeAnswers.ROUNDING);
    } finally {
      delete(folder);
    }
  }

  /** In bfloat16, where that is fast, and shown not to change the answers much. */
  private Optional<ServedModel> narrow(SavedModel folded, Path folder, Manifest manifest)
      throws IOException {
    if (!bfloat16 || manifest.probes().isEmpty()) {
      return Optional.empty();
    }
    Optional<SavedModel> narrow = Bfloat16Convolutions.of(folded);
    if (narrow.isEmpty()) {
      return Optional.empty();
    }
    // beside the one that was downloaded, which may be needed yet
    Path other = Files.createDirectory(folder.resolve("bfloat16"));
    write(WidenedConstants.widened(narrow.get()), other.resolve(Manifest.SAVED_MODEL));
    tensorflow.await();
    try {
      return Optional.of(ServedModel.load(other, manifest, ProbeAnswers.BFLOAT16));
    } catch (ModelRefusedException e) {
      LOG.infof(
          "%s is computed in float32, for in bfloat16: %s", manifest.version(), e.getMessage());
      return Optional.empty();
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
