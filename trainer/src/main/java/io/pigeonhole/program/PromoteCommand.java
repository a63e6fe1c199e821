package io.pigeonhole.program;

import com.fasterxml.jackson.databind.JsonNode;
import io.pigeonhole.client.Api;
import io.pigeonhole.client.ApiProblem;
import io.pigeonhole.command.ExitCode;
import io.pigeonhole.command.Json;
import io.pigeonhole.command.ProgramCommand;
import io.pigeonhole.model.Gate;
import io.pigeonhole.model.InvalidManifestException;
import io.pigeonhole.model.ModelVersion;
import io.pigeonhole.trainer.cli.BucketOptions;
import io.pigeonhole.trainer.cli.MarginOption;
import io.pigeonhole.trainer.cli.Promoting;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pigeonhole promote}. */
@Command(
    name = "promote",
    description = {
      "Puts a published version into service, unless it is worse than the one that is. Rollback is"
          + " promoting an older version, in a BUCKET with --force if that was worse.",
      "",
      "Without a BUCKET, the API is asked."
    },
    customSynopsis = "pigeonhole promote [OPTION…] [BUCKET] VERSION",
    footerHeading = "%nExamples:%n",
    footer = {
      "  pigeonhole promote 20260101T120000Z-0123abcd",
      "  pigeonhole promote s3://my-models 20260101T120000Z-0123abcd",
      "  pigeonhole promote models 20251224T180000Z-4567cdef --force"
    })
final class PromoteCommand extends ProgramCommand {

  @Parameters(
      arity = "1..2",
      paramLabel = "[BUCKET] VERSION",
      hideParamSyntax = true,
      description = {
        "The models bucket, a folder or s3://bucket[/prefix], and the version, as 'pigeonhole models'"
            + " lists it."
      })
  private List<String> named;

  @Mixin private BucketOptions bucket;

  @Mixin private MarginOption margin;

  @Option(names = "--force", description = "However good or bad it is.")
  private boolean force;

  @Mixin private Api api;

  @Override
  public Integer call() throws IOException, InvalidManifestException, InterruptedException {
    ModelVersion version = version(named.get(named.size() - 1));
    if (named.size() > 1) {
      Gate gate = force ? Gate.open() : Gate.byAccuracy(margin.required());
      return new Promoting(out()).promote(bucket.repository(named.get(0)), version, gate);
    }
    if (bucket.areGiven() || margin.isGiven()) {
      throw wrong("--name, --s3-path-style and --margin are for a BUCKET");
    }
    return byApi(version);
  }

  private ModelVersion version(String text) {
    try {
      return new ModelVersion(text);
    } catch (IllegalArgumentException e) {
      throw wrong(e.getMessage());
    }
  }

  private int byApi(ModelVersion version) throws IOException, InterruptedException {
    JsonNode request = Json.MAPPER.createObjectNode().put("force", force);
    try {
      api.post(
          "/models/" + version.value() + "/promote",
          "application/json",
          Json.MAPPER.writeValueAsBytes(request));
    } catch (ApiProblem e) {
      if (!e.isConflict()) {
        throw e;
      }
      out().printf("not promoted: %s: %s%n", version, e.getMessage());
      return ExitCode.NOT_PROMOTED;
    }
    out().printf("in service: %s%n", version);
    return ExitCode.DONE;
  }
}
