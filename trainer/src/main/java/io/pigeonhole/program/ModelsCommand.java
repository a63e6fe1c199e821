package io.pigeonhole.program;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pigeonhole.client.Api;
import io.pigeonhole.command.ExitCode;
import io.pigeonhole.command.Json;
import io.pigeonhole.command.ProgramCommand;
import io.pigeonhole.command.Terminal;
import io.pigeonhole.model.InvalidManifestException;
import io.pigeonhole.model.Manifest;
import io.pigeonhole.model.ModelRepository;
import io.pigeonhole.model.ModelVersion;
import io.pigeonhole.trainer.cli.BucketOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code pigeonhole models}. */
@Command(
    name = "models",
    description = {
      "Lists the versions of a model, oldest first; '*' marks the one in service. Without a BUCKET,"
          + " the API is asked, which knows the newest 50."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  pigeonhole models", "  pigeonhole models s3://my-models --name cifar10"})
final class ModelsCommand extends ProgramCommand {

  @Parameters(
      arity = "0..1",
      paramLabel = "BUCKET",
      description = "The models bucket: a folder or s3://bucket[/prefix].")
  private Optional<String> place;

  @Mixin private BucketOptions bucket;

  @Mixin private Json json;

  @Mixin private Api api;

  private record Listed(
      String version, boolean inService, double accuracy, String recipe, String dataset) {

    static Listed of(JsonNode version) {
      return new Listed(
          version.path("version").asText(),
          version.path("inService").asBoolean(),
          version.at("/metrics/accuracy").asDouble(),
          version.at("/training/recipe").asText(),
          version.at("/training/dataset").asText());
    }

    static Listed of(Manifest manifest, boolean inService) {
      return new Listed(
          manifest.version().value(),
          inService,
          manifest.metrics().accuracy(),
          manifest.training().recipe(),
          manifest.training().dataset());
    }

    ObjectNode toJson() {
      return Json.MAPPER
          .createObjectNode()
          .put("version", version)
          .put("inService", inService)
          .put("accuracy", accuracy)
          .put("recipe", recipe)
          .put("dataset", dataset);
    }

    String inWords() {
      return "%s %s  %.2f%%  %s  %s"
          .formatted(
              inService ? "*" : " ",
              Terminal.printable(version),
              100 * accuracy,
              Terminal.printable(recipe),
              Terminal.printable(dataset));
    }
  }

  @Override
  public Integer call() throws IOException, InvalidManifestException, InterruptedException {
    if (place.isEmpty() && bucket.areGiven()) {
      throw wrong("--name and --s3-path-style are for a BUCKET");
    }
    List<Listed> versions = place.isPresent() ? ofBucket(place.get()) : ofApi();
    for (Listed version : versions) {
      out().println(json.isWanted() ? version.toJson() : version.inWords());
    }
    return ExitCode.DONE;
  }

  private List<Listed> ofBucket(String named) throws IOException, InvalidManifestException {
    ModelRepository repository = bucket.repository(named);
    Optional<ModelVersion> inService =
        repository.current().map(pointer -> pointer.manifest().version());
    List<Listed> versions = new ArrayList<>();
    for (ModelVersion version : repository.versions()) {
      versions.add(Listed.of(repository.manifest(version), inService.equals(Optional.of(version))));
    }
    if (versions.isEmpty()) {
      warn("%s has no version of a model named '%s'".formatted(named, bucket.name()));
    }
    return versions;
  }

  private List<Listed> ofApi() throws IOException, InterruptedException {
    List<Listed> versions = new ArrayList<>();
    api.get("/models").path("versions").forEach(version -> versions.add(Listed.of(version)));
    Collections.reverse(versions);
    return versions;
  }
}
