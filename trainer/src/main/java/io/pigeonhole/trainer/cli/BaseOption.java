package io.pigeonhole.trainer.cli;

import io.pigeonhole.model.InvalidManifestException;
import io.pigeonhole.model.Manifest;
import io.pigeonhole.model.ModelRepository;
import io.pigeonhole.model.ModelVersion;
import io.pigeonhole.trainer.artifact.Base;
import java.io.IOException;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** What a training begins with. */
final class BaseOption {

  private static final Pattern PLACE =
      Pattern.compile(
          "(?<bucket>.*?)/?models/(?<name>[^/]+)(/(?<version>\\d{8}T\\d{6}Z-[0-9a-f]+))?/?");

  @CommandLine.Spec(CommandLine.Spec.Target.MIXEE)
  private CommandLine.Model.CommandSpec command;

  @Option(
      names = "--base",
      paramLabel = "MODEL",
      description = {
        "Begin with the weights of a published model, for a few images of other classes:"
            + " BUCKET/models/NAME for the version in service, BUCKET/models/NAME/VERSION for"
            + " another; BUCKET is a folder or s3://bucket[/prefix]. The recipe is that of the base,"
            + " or one with the same network."
      })
  private Optional<String> place;

  /**
   * The base, if one is named.
   *
   * @param repositories by bucket and name of the model
   */
  Optional<Base> base(BiFunction<String, String, ModelRepository> repositories)
      throws IOException, InvalidManifestException {
    if (place.isEmpty()) {
      return Optional.empty();
    }
    Matcher parts = PLACE.matcher(place.get());
    if (!parts.matches()) {
      throw new CommandLine.ParameterException(
          command.commandLine(),
          "--base is '%s'; expected BUCKET/models/NAME or BUCKET/models/NAME/VERSION"
              .formatted(place.get()));
    }
    String bucket = parts.group("bucket").isEmpty() ? "." : parts.group("bucket");
    ModelRepository repository = repositories.apply(bucket, parts.group("name"));
    Manifest manifest =
        parts.group("version") == null
            ? inService(repository)
            : repository.manifest(new ModelVersion(parts.group("version")));
    return Optional.of(new Base(repository, manifest));
  }

  private Manifest inService(ModelRepository repository)
      throws IOException, InvalidManifestException {
    return repository
        .current()
        .orElseThrow(() -> new IOException("no version is in service at " + place.orElseThrow()))
        .manifest();
  }
}
