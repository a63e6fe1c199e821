package io.pigeonhole.trainer.cli;

import io.pigeonhole.command.ExitCode;
import io.pigeonhole.model.InvalidManifestException;
import io.pigeonhole.model.Manifest;
import io.pigeonhole.model.ModelRefusedException;
import io.pigeonhole.model.ModelRepository;
import io.pigeonhole.model.ModelStore;
import io.pigeonhole.trainer.artifact.SameImages;
import io.pigeonhole.trainer.artifact.TemporaryFolder;
import io.pigeonhole.trainer.data.Images;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import software.amazon.awssdk.services.s3.S3Client;

/** Where a trained model goes, and whether into service. */
final class Destination {

  @CommandLine.Spec(CommandLine.Spec.Target.MIXEE)
  private CommandLine.Model.CommandSpec command;

  @Option(
      names = "--out",
      paramLabel = "PLACE",
      required = true,
      description = "The models bucket to publish to: a folder or s3://bucket[/prefix].")
  private String place;

  @Mixin private BucketOptions bucket;

  @Option(
      names = "--promote",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "Put the version into service if it is good enough (default: yes).")
  private boolean promote;

  @Mixin private MarginOption margin;

  String name() {
    return bucket.name();
  }

  /** Whether the model is named on the command line. */
  boolean isNamed() {
    return bucket.isNamed();
  }

  /** S3, as the bucket is reached. */
  S3Client s3() {
    return bucket.client();
  }

  /** The versions of a model in any bucket, reached in the same way. */
  ModelRepository repository(String bucketPlace, String model) {
    return bucket.repository(bucketPlace, model);
  }

  /** The bucket that the model is published to. */
  String place() {
    return place;
  }

  /** The objects of any bucket, reached in the same way. */
  ModelStore store(String bucketPlace) {
    return bucket.store(bucketPlace);
  }

  /** The bucket, if it is not a folder of this machine. */
  Optional<ModelStore> remote() {
    return BucketOptions.isS3(place) ? Optional.of(bucket.store(place)) : Optional.empty();
  }

  /** A name or a bucket that cannot be used is to fail now, and not after the training. */
  void require() throws IOException, InvalidManifestException {
    margin.required();
    try {
      Manifest.requireName(name());
    } catch (IllegalArgumentException e) {
      throw new CommandLine.ParameterException(
          command.commandLine(), "--name is '%s'; %s".formatted(name(), e.getMessage()), e);
    }
    if (!BucketOptions.isS3(place)) {
      Path folder = Files.createDirectories(Path.of(place));
      Files.delete(Files.createTempFile(folder, ".writable", ""));
    }
    bucket.repository(place).current();
  }

  /**
   * Publishes a version, and promotes it if that is wanted and it is good enough.
   *
   * @param folder of the version; it is deleted once it is published
   * @param test the images that it was measured on
   * @return the exit code
   */
  int publish(Manifest manifest, TemporaryFolder folder, Images test, PrintWriter out)
      throws IOException, ModelRefusedException, InvalidManifestException {
    ModelRepository repository = bucket.repository(place);
    try {
      repository.publish(manifest, folder.path());
    } catch (IOException e) {
      throw new IOException(
          "%s; the version is in %s: 'pigeonhole publish %s %s' tries again"
              .formatted(e.getMessage(), folder.path(), folder.path(), place),
          e);
    }
    folder.close();
    out.printf("published %s to %s%n", manifest.version(), place);
    if (!promote) {
      return ExitCode.DONE;
    }
    Optional<String> nothing = Guess.noWorseThan(manifest.metrics());
    if (nothing.isPresent()) {
      out.printf("not promoted: %s: %s%n", manifest.version(), nothing.get());
      return ExitCode.NOT_PROMOTED;
    }
    return new Promoting(out)
        .promote(
            repository, manifest.version(), new SameImages(repository, test, margin.required()));
  }
}
