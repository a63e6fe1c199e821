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
import software.amazon.awssdk.services.s3.S3Client;

/** Which model of a place a command works with. */
public final class ModelOptions {

  private static final String MANIFEST = "manifest.json";

  @Option(
      names = "--model-version",
      paramLabel = "VERSION",
      description = "Another version in the bucket than the one in service.")
  private Optional<ModelVersion> version;

  @Mixin private BucketOptions bucket;

  /** A model in use, and where its files are. */
  public record Loaded(Manifest manifest, Classifier classifier) implements AutoCloseable {
    @Override
    public void close() {
      classifier.close();
    }
  }

  /** Whether the command line has one of them. */
  public boolean areGiven() {
    return version.isPresent() || bucket.areGiven();
  }

  /** S3, as the bucket is reached. */
  S3Client s3() {
    return bucket.client();
  }

  /**
   * Loads a model.
   *
   * @param place a models bucket (a folder or {@code s3://bucket[/prefix]}), or the folder of one
   *     version
   * @throws IOException if there is none; the message says so
   */
  public Loaded load(String place)
      throws IOException, InvalidManifestException, ModelRefusedException {
    Optional<Manifest> own = ofFolder(place);
    if (own.isPresent()) {
      return new Loaded(own.get(), Classifier.load(own.get(), Path.of(place)));
    }
    ModelRepository repository = bucket.repository(place);
    Manifest manifest = ofBucket(repository, place);
    try (TemporaryFolder folder = new TemporaryFolder()) {
      repository.download(manifest, folder.path());
      return new Loaded(manifest, Classifier.load(manifest, folder.path()));
    }
  }

  private static Optional<Manifest> ofFolder(String place)
      throws IOException, InvalidManifestException {
    if (BucketOptions.isS3(place) || !Files.isRegularFile(Path.of(place, MANIFEST))) {
      return Optional.empty();
    }
    return Optional.of(Manifest.parse(Files.readAllBytes(Path.of(place, MANIFEST))));
  }

  private Manifest ofBucket(ModelRepository repository, String place)
      throws IOException, InvalidManifestException {
    if (version.isPresent()) {
      return repository.manifest(version.get());
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
