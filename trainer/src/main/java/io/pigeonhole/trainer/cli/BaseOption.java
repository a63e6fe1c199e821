package io.pigeonhole.trainer.cli;

import io.pigeonhole.model.InvalidManifestException;
import io.pigeonhole.model.Manifest;
import io.pigeonhole.model.ModelRepository;
import io.pigeonhole.model.ModelStore;
import io.pigeonhole.model.ModelVersion;
import io.pigeonhole.trainer.artifact.Base;
import io.pigeonhole.trainer.artifact.TemporaryFolder;
import io.pigeonhole.trainer.base.BaseBucket;
import io.pigeonhole.trainer.base.BaseRecord;
import io.pigeonhole.trainer.base.InputRange;
import io.pigeonhole.trainer.base.KnownBase;
import io.pigeonhole.trainer.base.NamedBases;
import io.pigeonhole.trainer.base.SavedModelArchive;
import io.pigeonhole.trainer.base.SavedModelImport;
import io.pigeonhole.trainer.base.SavedModelImport.Wishes;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** What a training begins with. */
final class BaseOption {

  private static final Pattern PUBLISHED =
      Pattern.compile(
          "(?<bucket>.*?)/?models/(?<name>[^/]+)(/(?<version>\\d{8}T\\d{6}Z-[0-9a-f]+))?/?");
  private static final Pattern KEPT = Pattern.compile("(?<bucket>.*?)/?bases/(?<name>[^/]+)/?");
  private static final Pattern WORD = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");

  @CommandLine.Spec(CommandLine.Spec.Target.MIXEE)
  private CommandLine.Model.CommandSpec command;

  @Option(
      names = "--base",
      paramLabel = "BASE",
      description = {
        "Begin with what another network has learned, for a few images of one's own. A name that"
            + " 'pigeonhole bases' lists, or of a base in the models bucket (bases/NAME); a TensorFlow"
            + " SavedModel: a folder, .zip or .tar.gz, here, at s3:// or at https://; or a published"
            + " model: BUCKET/models/NAME for the version in service, BUCKET/models/NAME/VERSION for"
            + " another. The recipe is 'transfer' or, of a model that was published with its"
            + " weights, that of the model."
      })
  private Optional<String> place;

  @Option(
      names = "--base-file",
      paramLabel = "FILE",
      description = {
        "The weights of a base that is known by its name, where its publisher cannot be reached: the"
            + " .h5 that Keras publishes, .weights.h5 or .safetensors."
      })
  private Optional<Path> file;

  @Option(
      names = "--base-range",
      paramLabel = "RANGE",
      converter = RangeConverter.class,
      description = {
        "What a SavedModel of float32 wants the bytes of an image to be turned into, if neither its"
            + " graph nor its names tell: 0..255, 0..1, -1..1, caffe or torch."
      })
  private Optional<InputRange> range;

  @Option(
      names = "--base-features",
      paramLabel = "NODE",
      description = {
        "The end of the name of the node whose values are the features of a SavedModel, if not what"
            + " its last dense layer is given."
      })
  private Optional<String> features;

  /** Reads an option's text. */
  static final class RangeConverter implements CommandLine.ITypeConverter<InputRange> {
    @Override
    public InputRange convert(String text) {
      try {
        return InputRange.of(text);
      } catch (IllegalArgumentException e) {
        throw new CommandLine.TypeConversionException(e.getMessage());
      }
    }
  }

  /**
   * Where a base may be.
   *
   * @param repository the versions of a model in any bucket
   * @param store the objects of any bucket
   * @param out bucket that the model is published to
   * @param cache folder
   */
  record Places(
      BiFunction<String, String, ModelRepository> repository,
      Function<String, ModelStore> store,
      String out,
      Path cache,
      PrintWriter messages) {}

  /** The base, if one is named. No network of others is read before it is asked for. */
  Optional<Beginning> beginning(Places places) throws IOException, InvalidManifestException {
    if (place.isEmpty()) {
      if (file.isPresent() || range.isPresent() || features.isPresent()) {
        throw wrong("--base is missing: which base is meant");
      }
      return Optional.empty();
    }
    String named = place.get();
    if (file.isPresent()) {
      return Optional.of(new Beginning.OfOthers(named, () -> NamedBases.of(named, file.get())));
    }
    Optional<Path> local = local(named);
    if (local.isPresent()) {
      return Optional.of(imported(named, local.get()));
    }
    Matcher published = PUBLISHED.matcher(named);
    if (published.matches()) {
      return Optional.of(published(published, places));
    }
    Matcher kept = KEPT.matcher(named);
    if (kept.matches()) {
      return Optional.of(kept(kept, places));
    }
    return Optional.of(
        WORD.matcher(named).matches() ? byName(named, places) : archive(named, places));
  }

  private static Optional<Path> local(String named) {
    try {
      Path path = Path.of(named);
      boolean folder = Files.isRegularFile(path.resolve("saved_model.pb"));
      boolean archive = SavedModelArchive.isOne(named) && Files.isRegularFile(path);
      boolean version = Files.isRegularFile(path.resolve("manifest.json"));
      return (folder && !version) || archive ? Optional.of(path) : Optional.empty();
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private Wishes wishes() {
    return new Wishes(OptionalInt.empty(), range, features);
  }

  private Beginning imported(String named, Path path) {
    if (Files.isDirectory(path)) {
      return new Beginning.OfOthers(named, () -> SavedModelImport.of(path, wishes()));
    }
    return new Beginning.OfOthers(
        named,
        () -> {
          try (TemporaryFolder folder = new TemporaryFolder()) {
            SavedModelArchive.unpack(path, folder.path());
            return SavedModelImport.of(folder.path(), wishes());
          }
        });
  }

  private Beginning published(Matcher parts, Places places)
      throws IOException, InvalidManifestException {
    String bucket = parts.group("bucket").isEmpty() ? "." : parts.group("bucket");
    ModelRepository repository = places.repository().apply(bucket, parts.group("name"));
    Manifest manifest =
        parts.group("version") == null
            ? inService(repository)
            : repository.manifest(new ModelVersion(parts.group("version")));
    Base base = new Base(repository, manifest);
    if (base.hasWeights() && range.isEmpty() && features.isEmpty()) {
      return new Beginning.Published(base);
    }
    return new Beginning.OfOthers(
        manifest.name() + " " + manifest.version(),
        () -> {
          try (TemporaryFolder folder = new TemporaryFolder()) {
            repository.download(manifest, folder.path());
            return SavedModelImport.of(folder.path(), wishes());
          }
        });
  }

  private Manifest inService(ModelRepository repository)
      throws IOException, InvalidManifestException {
    return repository
        .current()
        .orElseThrow(() -> new IOException("no version is in service at " + place.orElseThrow()))
        .manifest();
  }

  private static Beginning kept(Matcher parts, Places places) throws IOException {
    String bucket = parts.group("bucket").isEmpty() ? "." : parts.group("bucket");
    String name = parts.group("name");
    BaseBucket bases = new BaseBucket(places.store().apply(bucket));
    BaseRecord record =
        bases
            .record(name)
            .orElseThrow(
                () -> new IOException("there is no base '%s' in %s".formatted(name, bucket)));
    return kept(bases, record);
  }

  private static Beginning kept(BaseBucket bases, BaseRecord record) {
    return new Beginning.OfOthers(
        record.name(),
        () -> {
          try (TemporaryFolder folder = new TemporaryFolder()) {
            return bases.read(record, folder.path());
          }
        });
  }

  /** What the bucket keeps goes before what the world has: it may be without internet. */
  private Beginning byName(String name, Places places) throws IOException {
    BaseBucket bases = new BaseBucket(places.store().apply(places.out()));
    Optional<BaseRecord> record = bases.record(name);
    if (record.isPresent()) {
      return kept(bases, record.get());
    }
    KnownBase known =
        KnownBase.named(name)
            .orElseThrow(
                () ->
                    wrong(
                        "there is no base '%s'; known are %s"
                            .formatted(name, String.join(", ", names(bases)))));
    Fetching fetching = new Fetching(known.download(places.cache()), places.messages());
    return new Beginning.OfOthers(name, () -> NamedBases.of(name, places.cache(), fetching));
  }

  private static List<String> names(BaseBucket bases) {
    Stream<String> known = KnownBase.all().stream().map(KnownBase::name);
    try {
      return Stream.concat(known, bases.names().stream()).distinct().collect(Collectors.toList());
    } catch (IOException e) {
      return KnownBase.all().stream().map(KnownBase::name).toList();
    }
  }

  private Beginning archive(String named, Places places) {
    boolean remote = named.startsWith("s3://") || named.startsWith("https://");
    if (!remote || !SavedModelArchive.isOne(URI.create(named).getPath())) {
      throw wrong(
          ("--base is '%s'; expected a name, a SavedModel (a folder, .zip or .tar.gz, or one at s3://"
                  + " or https://), BUCKET/models/NAME[/VERSION] or BUCKET/bases/NAME")
              .formatted(named));
    }
    return new Beginning.OfOthers(
        named,
        () -> {
          try (TemporaryFolder folder = new TemporaryFolder();
              TemporaryFolder unpacked = new TemporaryFolder()) {
            Path archive = RemoteFile.fetch(named, places.store(), folder.path());
            SavedModelArchive.unpack(archive, unpacked.path());
            return SavedModelImport.of(unpacked.path(), wishes());
          }
        });
  }

  private CommandLine.ParameterException wrong(String message) {
    return new CommandLine.ParameterException(command.commandLine(), message);
  }
}
