package io.pigeonhole.trainer.artifact;

import io.pigeonhole.model.Manifest;
import io.pigeonhole.model.ModelFile;
import io.pigeonhole.model.ModelRefusedException;
import io.pigeonhole.model.ModelRepository;
import io.pigeonhole.trainer.network.Safetensors;
import java.io.IOException;
import java.util.List;

/**
 * A published version whose weights another training begins with.
 *
 * @param manifest of the version
 * @param weights of its network
 */
public record Base(Manifest manifest, Safetensors weights) {

  /**
   * Fetches the weights of a version.
   *
   * @throws ModelRefusedException if they are not what the manifest says
   */
  public static Base of(ModelRepository repository, Manifest manifest)
      throws IOException, ModelRefusedException {
    List<ModelFile> file =
        manifest.files().stream().filter(f -> f.path().equals(ArtifactWriter.WEIGHTS)).toList();
    if (file.isEmpty()) {
      throw new IOException(
          "%s %s was published without its weights: it cannot be trained on"
              .formatted(manifest.name(), manifest.version()));
    }
    try (TemporaryFolder folder = new TemporaryFolder()) {
      repository.download(manifest, file, folder.path());
      return new Base(manifest, Safetensors.read(folder.path().resolve(ArtifactWriter.WEIGHTS)));
    }
  }
}
