package io.pigeonhole.trainer.cli;

import io.pigeonhole.model.InvalidManifestException;
import io.pigeonhole.model.Manifest;
import io.pigeonhole.model.ModelRefusedException;
import io.pigeonhole.model.ModelRepository;
import io.pigeonhole.model.ModelVersion;
import io.pigeonhole.trainer.artifact.TemporaryFolder;
import io.pigeonhole.trainer.evaluation.Classifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import software.amazon.awssdk.services.s3.S3Client;

/** A model that a command works with. */
final class ModelArgument {

  private static final String MANIFEST = "manifest.json";

  @Parameters(
      index = "0",
      paramLabel = "MODEL",
      description = {
        "A models bucket (folder or s3://bucket[/prefix]), whose model in service is taken, or the"
            + " folder of one version."
      })
  private String place;

  @Option(
      names = "--model-version",
      paramLabel = "VERSION",
      description = "Another version in the bucket than the one in service.")
  private Optional<String> version;

  @Mixin private BucketOptions bucket;

  /** A model in use, and where its files are. */
  record Loaded(Manifest manifest, Classifier classifier) implements AutoCloseable {
    @Override
    public void close() {
      classifier.close();
    }
  }

  /** S3, as the bucket is reached. */
  S3Client s3() {
    return bucket.client();
  }

  Loaded load() throws IOException, InvalidManifestException, ModelRefusedException {
    Optional<Manifest> own = ofFolder();
    if (own.isPresent()) {
      return new Loaded(own.get(), Classifier.load(own.get(), Path.of(place)));
    }
    ModelRepository repository = bucket.repository(place);
    Manifest manifest = ofBucket(repository);
    try (TemporaryFolder folder = new TemporaryFolder()) {
      repository.download(manifest, folder.path());
      return new Loaded(manifest, Classifier.load(manifest, folder.path()));
    }
  }

  private Optional<Manifest> ofFolder() throws IOException, InvalidManifestException {
    if (BucketOptions.isS3(place) || !Files.isRegularFile(Path.of(place, MANIFEST))) {
      return Optional.empty();
    }
    return Optional.of(Manifest.parse(Files.readAllBytes(Path.of(place, MANIFEST))));
  }

  private Manifest ofBucket(ModelRepository repository)
      throws IOException, InvalidManifestException {
    if (version.isPresent()) {
      return repository.manifest(new ModelVersion(version.get()));
    }
    return repository
        .current()
        .map(ModelRepository.Pointer::manifest)
        .orElseThrow(
            () ->
                new IOException(
                    "%s has no model named '%s' in service (models/%s/current.json)"
                        .formatted(place, bucket.name(), bucket.name())));
  }
}
