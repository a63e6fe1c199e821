package io.pigeonhole.trainer.artifact;

import io.pigeonhole.model.Manifest;
import io.pigeonhole.model.ModelFile;
import io.pigeonhole.model.ModelRefusedException;
import io.pigeonhole.model.ModelRepository;
import io.pigeonhole.model.OtherAnswersException;
import io.pigeonhole.trainer.evaluation.Classifier;
import io.pigeonhole.trainer.network.Safetensors;
import io.pigeonhole.trainer.network.Start;
import java.io.IOException;
import java.util.List;

/**
 * A published version whose weights another training begins with.
 *
 * @param repository that has it
 * @param manifest of the version
 */
public record Base(ModelRepository repository, Manifest manifest) {

  /** Whether it was published with its weights as a file of their own. */
  public boolean hasWeights() {
    return manifest.files().stream().anyMatch(f -> f.path().equals(ArtifactWriter.WEIGHTS));
  }

  /**
   * Fetches the weights. If the manifest has the answers to the probe images, the model is asked
   * for them, which takes a session of TensorFlow: the threads are to be claimed before.
   *
   * @throws OtherAnswersException if this machine computes the model otherwise
   * @throws ModelRefusedException if its files are not what the manifest says
   */
  public Start start() throws IOException, ModelRefusedException {
    List<ModelFile> files =
        manifest.files().stream().filter(f -> f.path().equals(ArtifactWriter.WEIGHTS)).toList();
    if (files.isEmpty()) {
      throw new IOException(
          "%s %s was published without its weights: it cannot be trained on"
              .formatted(manifest.name(), manifest.version()));
    }
    try (TemporaryFolder folder = new TemporaryFolder()) {
      repository.download(manifest, files, folder.path());
      if (!manifest.probes().isEmpty()) {
        repository.download(manifest, folder.path());
        Classifier.load(manifest, folder.path()).close();
      }
      Safetensors weights = Safetensors.read(folder.path().resolve(ArtifactWriter.WEIGHTS));
      return new Start(weights, manifest.classes());
    }
  }
}
