package io.pigeonhole.trainer.cli;

import io.pigeonhole.command.ExitCode;
import io.pigeonhole.command.ProgramCommand;
import io.pigeonhole.model.InvalidManifestException;
import io.pigeonhole.model.ModelRefusedException;
import io.pigeonhole.trainer.artifact.TemporaryFolder;
import io.pigeonhole.trainer.base.BaseBucket;
import io.pigeonhole.trainer.base.BaseRecord;
import io.pigeonhole.trainer.base.KnownBase;
import io.pigeonhole.trainer.data.InvalidDataException;
import io.pigeonhole.trainer.recipe.BaseGraph;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pigeonhole publish-base}. */
@Command(
    name = "publish-base",
    description = {
      "Keeps a base in a models bucket, below bases/NAME/: frozen, checked, tried with an image, with"
          + " a record of where it came from. 'train --out BUCKET --base NAME' then needs nothing"
          + " else, as a stack without internet has nothing else."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  pigeonhole publish-base s3://my-models mobilenet-v2 --base mobilenet-v2",
      "  pigeonhole publish-base s3://my-models ours --base ours.zip --base-range 0..1"
    })
public final class PublishBaseCommand extends ProgramCommand {

  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");

  @Parameters(
      index = "0",
      paramLabel = "BUCKET",
      description = "The models bucket: a folder or s3://bucket[/prefix].")
  private String place;

  @Parameters(
      index = "1",
      paramLabel = "NAME",
      description = "What the base is called there: lower-case letters, digits, . _ -")
  private String name;

  @Mixin private BucketOptions bucket;

  @Mixin private BaseOption baseOption;

  @Mixin private CacheOption cache;

  @Option(
      names = "--licence",
      paramLabel = "TEXT",
      description = "Of its weights, for people (default: what is known of a base by its name).")
  private Optional<String> licence;

  @Override
  public Integer call()
      throws IOException, InvalidManifestException, InvalidDataException, ModelRefusedException {
    if (!NAME.matcher(name).matches()) {
      throw wrong("NAME is '%s'; expected lower-case letters, digits, . _ -".formatted(name));
    }
    Beginning beginning =
        baseOption
            .beginning(
                new BaseOption.Places(
                    bucket::repository, bucket::store, place, cache.folder(), out()))
            .orElseThrow(() -> wrong("--base is missing: what is to be published"));
    if (!(beginning instanceof Beginning.OfOthers others)) {
      throw wrong(
          "'%s' is a model with its weights: 'train --base' takes it as it is"
              .formatted(beginning.name()));
    }
    BaseGraph graph = others.graph();
    String known = KnownBase.named(others.name()).map(KnownBase::licence).orElse("");
    try (TemporaryFolder folder = new TemporaryFolder()) {
      BaseRecord record =
          new BaseBucket(bucket.store(place))
              .write(name, graph, others.name(), licence.orElse(known), folder.path());
      out()
          .printf(
              "published base '%s' to %s: %d features of images of %d×%d, %.1f MB%n",
              name, place, record.features(), record.size(), record.size(), record.bytes() / 1e6);
    }
    return ExitCode.DONE;
  }
}
