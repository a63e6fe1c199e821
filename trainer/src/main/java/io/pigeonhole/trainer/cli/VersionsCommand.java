package io.pigeonhole.trainer.cli;

import io.pigeonhole.model.InvalidManifestException;
import io.pigeonhole.model.Manifest;
import io.pigeonhole.model.ModelRepository;
import io.pigeonhole.model.ModelVersion;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code trainer versions}. */
@Command(
    name = "versions",
    description = "Lists the versions of a model, oldest first; '*' marks the one in service.",
    footerHeading = "%nExample:%n",
    footer = "  trainer versions s3://my-models --name cifar10")
final class VersionsCommand extends TrainerCommand {

  @Parameters(
      index = "0",
      paramLabel = "BUCKET",
      description = "The models bucket: a folder or s3://bucket[/prefix].")
  private String place;

  @Mixin private BucketOptions bucket;

  @Override
  public Integer call() throws IOException, InvalidManifestException {
    ModelRepository repository = bucket.repository(place);
    Optional<ModelVersion> inService =
        repository.current().map(pointer -> pointer.manifest().version());
    List<ModelVersion> versions = repository.versions();
    if (versions.isEmpty()) {
      out().printf("%s has no version of a model named '%s'%n", place, bucket.name());
    }
    for (ModelVersion version : versions) {
      Manifest manifest = repository.manifest(version);
      out()
          .printf(
              "%s %s  %.2f%%  %s  %s%n",
              inService.equals(Optional.of(version)) ? "*" : " ",
              version,
              100 * manifest.metrics().accuracy(),
              manifest.training().recipe(),
              manifest.training().dataset());
    }
    return 0;
  }
}
