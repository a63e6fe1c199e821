package io.pigeonhole.trainer.cli;

import io.pigeonhole.model.Gate;
import io.pigeonhole.model.InvalidManifestException;
import io.pigeonhole.model.ModelVersion;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code trainer promote}. */
@Command(
    name = "promote",
    description = {
      "Puts a published version into service, unless it is worse than the one that is.",
      "Rollback is promoting an older version, with --force if that was worse."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  trainer promote s3://my-models 20260101T120000Z-0123abcd",
      "  trainer promote models 20251224T180000Z-4567cdef --force"
    })
final class PromoteCommand extends TrainerCommand {

  @Parameters(
      index = "0",
      paramLabel = "BUCKET",
      description = "The models bucket: a folder or s3://bucket[/prefix].")
  private String place;

  @Parameters(index = "1", paramLabel = "VERSION", description = "As 'trainer versions' lists it.")
  private ModelVersion version;

  @Mixin private BucketOptions bucket;

  @Option(
      names = "--margin",
      paramLabel = "SHARE",
      defaultValue = "0.005",
      description = {
        "How much lower than the accuracy in service is still good enough (default:"
            + " ${DEFAULT-VALUE})."
      })
  private double margin;

  @Option(names = "--force", description = "However good or bad it is.")
  private boolean force;

  @Override
  public Integer call() throws IOException, InvalidManifestException {
    Shares.require(spec(), "--margin", margin);
    Gate gate = force ? Gate.open() : Gate.byAccuracy(margin);
    return new Promoting(out()).promote(bucket.repository(place), version, gate);
  }
}
