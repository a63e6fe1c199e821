package io.pigeonhole.trainer.cli;

import io.pigeonhole.command.ExitCode;
import io.pigeonhole.command.ProgramCommand;
import io.pigeonhole.model.InvalidManifestException;
import io.pigeonhole.model.Manifest;
import io.pigeonhole.model.ModelRefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code pigeonhole publish}. */
@Command(
    name = "publish",
    description = {
      "Copies a version from its folder to a models bucket: the files first, the manifest last.",
      "It does not put it into service: 'pigeonhole promote' does."
    },
    footerHeading = "%nExample:%n",
    footer = "  pigeonhole publish models/models/cifar10/20260101T120000Z-0123abcd s3://my-models")
public final class PublishCommand extends ProgramCommand {

  @Parameters(
      index = "0",
      paramLabel = "FOLDER",
      description = "The folder of one version, with its manifest.json.")
  private Path folder;

  @Parameters(
      index = "1",
      paramLabel = "BUCKET",
      description = "The models bucket: a folder or s3://bucket[/prefix].")
  private String destination;

  @Mixin private BucketOptions bucket;

  @Override
  public Integer call() throws IOException, InvalidManifestException, ModelRefusedException {
    Manifest manifest = Manifest.parse(Files.readAllBytes(folder.resolve("manifest.json")));
    bucket.repository(destination, manifest.name()).publish(manifest, folder);
    out().printf("published %s to %s%n", manifest.version(), destination);
    return ExitCode.DONE;
  }
}
