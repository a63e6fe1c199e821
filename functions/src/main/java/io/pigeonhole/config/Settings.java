package io.pigeonhole.config;

import io.pigeonhole.api.Access;
import io.pigeonhole.api.Level;
import io.pigeonhole.api.SignIn;
import io.pigeonhole.image.ImageLimits;
import jakarta.inject.Singleton;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.Config;

/**
 * Reads the settings. Each is checked where it is asked for, so a function demands only those that
 * it uses.
 */
@Singleton
public final class Settings {
  private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
  private static final Pattern MODEL = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");

  private static final Pattern QUEUE = Pattern.compile("https?://[^/\\s]+/[0-9]{12}/[\\w.-]+");

  private static final Pattern ORIGIN = Pattern.compile("\\*|https?://[a-z0-9.:\\[\\]-]+");

  // as CloudWatch has it; what begins with AWS/ is its own
  private static final Pattern NAMESPACE = Pattern.compile("(?!AWS/)[A-Za-z0-9._/#:-]{1,255}");

  // of read, write and admin; who may read is any token's where the first is empty
  private static final Pattern LEVELS = Pattern.compile("[^,\\s]*(,[^,\\s]+){2}");
  // what it could bring into a header has no place in it
  private static final Pattern ISSUER =
      Pattern.compile("https?://[A-Za-z0-9.:\\[\\]-]+(/[\\w./~%-]*)?");

  private static final Pattern OUTPUT = Pattern.compile("result|tags|index|lines");
  private static final Pattern TAG = Pattern.compile(String.join("|", Outputs.TAGS));

  private static final Pattern RECIPE = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
  private static final Pattern BASE = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");

  /** All that the trainer has. */
  private static final String RECIPES =
      "fast,fast-small,accurate,fine-tune,folder-28,open-set,photo-224,tiny-64,transfer,tutorial,tutorial-augmented";

  /** All that the trainer knows by name. */
  private static final String BASES = "mobilenet-v2,efficientnet-v2-b0,resnet-50";

  /** So that what is uploaded behind it fits into a key, and is listed below it. */
  private static final int MAX_PREFIX_BYTES = 512;

  private final Config config;

  public Settings(Config config) {
    this.config = config;
  }

  /** {@code pigeonhole.models.bucket}: where the models are. */
  public String modelsBucket() {
    return bucket("pigeonhole.models.bucket");
  }

  /** {@code pigeonhole.results.bucket}: where the results go. */
  public String resultsBucket() {
    return bucket("pigeonhole.results.bucket");
  }

  /**
   * {@code pigeonhole.outputs}: what is written of an image, any of {@code result}, {@code tags},
   * {@code index} and, by backfill, {@code lines}; and {@code pigeonhole.tags}: which tags, any of
   * {@code label}, {@code confidence} and {@code model}; all by default, but for lines.
   */
  public Outputs outputs() {
    String name = "pigeonhole.outputs";
    Set<String> outputs = words(name, "any of", OUTPUT, "result,tags,index");
    if (outputs.contains("index") && !outputs.contains("result")) {
      throw invalid(
          name,
          "must have result where it has index: results know which pigeonhole an image was in",
          String.join(",", outputs));
    }
    Set<String> tags = words("pigeonhole.tags", "any of", TAG, "label,confidence,model");
    return new Outputs(
        outputs.contains("result"),
        outputs.contains("tags") ? tags : Set.of(),
        outputs.contains("index"),
        outputs.contains("lines"));
  }

  /** {@code pigeonhole.images.bucket}: where the images are. */
  public String imagesBucket() {
    return bucket("pigeonhole.images.bucket");
  }

  /**
   * {@code pigeonhole.images.prefix}: what the keys of the images begin with that the API is about;
   * empty, as by default, for all.
   */
  public String imagesPrefix() {
    String name = "pigeonhole.images.prefix";
    String prefix = config.getOptionalValue(name, String.class).orElse("");
    if (prefix.getBytes(StandardCharsets.UTF_8).length > MAX_PREFIX_BYTES) {
      throw invalid(name, "must have at most " + MAX_PREFIX_BYTES + " bytes", prefix);
    }
    return prefix;
  }

  /** {@code pigeonhole.model.name}: which model of the models bucket serves. */
  public String modelName() {
    String name = "pigeonhole.model.name";
    String value = required(name, "the name of a model");
    if (!MODEL.matcher(value).matches()) {
      throw invalid(name, "must be the name of a model, such as cifar10", value);
    }
    return value;
  }

  /**
   * {@code pigeonhole.models.bundled}: the folder of the models that come with the product, laid
   * out as a models bucket.
   */
  public Path bundledModels() {
    String name = "pigeonhole.models.bundled";
    String value = required(name, "the folder of the bundled models");
    if (!Files.isDirectory(Path.of(value))) {
      throw invalid(name, "must be a folder", value);
    }
    return Path.of(value);
  }

  /** {@code pigeonhole.model.refresh}: the least time between two looks for a newer model. */
  public Duration modelRefresh() {
    String name = "pigeonhole.model.refresh";
    String value = config.getOptionalValue(name, String.class).orElse("PT1M").strip();
    try {
      Duration refresh = Duration.parse(value);
      if (!refresh.isNegative() && refresh.compareTo(Duration.ofDays(1)) <= 0) {
        return refresh;
      }
    } catch (DateTimeParseException e) {
      // said below
    }
    throw invalid(name, "must be a duration of at most a day, such as PT1M", value);
  }

  /**
   * {@code pigeonhole.model.bfloat16}: whether convolutions are computed in bfloat16 where the
   * processor is made for it; they are by default.
   */
  public boolean modelBfloat16() {
    String name = "pigeonhole.model.bfloat16";
    String value = config.getOptionalValue(name, String.class).orElse("true").strip();
    if (!value.equals("true") && !value.equals("false")) {
      throw invalid(name, "must be true or false", value);
    }
    return value.equals("true");
  }

  /**
   * {@code pigeonhole.label.queue}: the URL of the queue that label is fed by, which is asked for
   * messages again that are to be tried again; without it, they come when the queue brings them.
   */
  public Optional<String> labelQueue() {
    String name = "pigeonhole.label.queue";
    Optional<String> value = config.getOptionalValue(name, String.class).map(String::strip);
    value
        .filter(url -> !QUEUE.matcher(url).matches())
        .ifPresent(
            url -> {
              throw invalid(name, "must be the URL of a queue of SQS", url);
            });
    return value;
  }

  /** {@code pigeonhole.dataset.bucket}: where the images to learn from are. */
  public String datasetBucket() {
    return bucket("pigeonhole.dataset.bucket");
  }

  /** {@code pigeonhole.train.job-queue}: the queue of AWS Batch that trainings go to. */
  public String trainJobQueue() {
    return required("pigeonhole.train.job-queue", "the name or ARN of a job queue of AWS Batch");
  }

  /** {@code pigeonhole.train.job-definition}: the trainer, as AWS Batch knows it. */
  public String trainJobDefinition() {
    return required(
        "pigeonhole.train.job-definition", "the name or ARN of a job definition of AWS Batch");
  }

  /** {@code pigeonhole.train.recipes}: what may be trained; the recipes that the trainer has. */
  public Set<String> trainRecipes() {
    return words("pigeonhole.train.recipes", "recipes", RECIPE, RECIPES);
  }

  /**
   * {@code pigeonhole.train.bases}: what a training may begin with, beside what the models bucket
   * keeps; the bases that the trainer knows by name.
   */
  public Set<String> trainBases() {
    return words("pigeonhole.train.bases", "names of bases", BASE, BASES);
  }

  /**
   * {@code pigeonhole.image.max-bytes}, 50 MiB by default, and {@code pigeonhole.image.max-pixels},
   * 100 million by default: larger images are not decoded.
   */
  public ImageLimits imageLimits() {
    ImageLimits standard = ImageLimits.DEFAULT;
    return new ImageLimits(
        number("pigeonhole.image.max-bytes", standard.maxBytes(), 1L << 30),
        number("pigeonhole.image.max-pixels", standard.maxPixels(), 500_000_000L));
  }

  /**
   * {@code pigeonhole.cors.origins}: the origins whose pages may use the API from a browser, beside
   * its own; separated by commas, or {@code *} for all; none by default.
   */
  public Set<String> corsOrigins() {
    String name = "pigeonhole.cors.origins";
    Set<String> origins = new TreeSet<>();
    for (String origin : config.getOptionalValue(name, String.class).orElse("").split(",", -1)) {
      String value = origin.strip().toLowerCase(Locale.ROOT);
      if (!value.isEmpty() && !ORIGIN.matcher(value).matches()) {
        throw invalid(name, "must be * or origins such as https://photos.example.com", value);
      }
      origins.add(value);
    }
    origins.remove("");
    return origins;
  }

  /**
   * {@code pigeonhole.api.anonymous}: what those may do who have no token, and no signature that
   * the gateway has checked: {@code none}, as by default, {@code read}, {@code write} or {@code
   * admin}.
   */
  public Level anonymous() {
    String name = "pigeonhole.api.anonymous";
    String value = config.getOptionalValue(name, String.class).orElse("none").strip();
    return Stream.of(Level.values())
        .filter(level -> level.word().equals(value))
        .findFirst()
        .orElseThrow(() -> invalid(name, "must be none, read, write or admin", value));
  }

  /**
   * Who may do what: {@code pigeonhole.api.scopes} and {@code pigeonhole.api.groups}, of which a
   * token needs one each, are none, as by default, or three, separated by commas, for reading,
   * writing and administration; the first may be empty, for any token. {@code
   * pigeonhole.api.groups-claim} is where the groups are; {@code cognito:groups} by default.
   */
  public Access access() {
    String claim =
        config
            .getOptionalValue("pigeonhole.api.groups-claim", String.class)
            .map(String::strip)
            .orElse("cognito:groups");
    return new Access(
        anonymous(),
        levels("pigeonhole.api.scopes"),
        levels("pigeonhole.api.groups"),
        claim,
        provider().isPresent());
  }

  private List<String> levels(String name) {
    String value = config.getOptionalValue(name, String.class).orElse("").strip();
    if (value.isEmpty()) {
      return List.of();
    }
    if (!LEVELS.matcher(value).matches()) {
      throw invalid(
          name, "must be three words, for read, write and admin, separated by commas", value);
    }
    return List.of(value.split(",", -1));
  }

  /** What the page needs to know to have people sign in. */
  public SignIn signIn() {
    return new SignIn(anonymous(), provider());
  }

  /**
   * {@code pigeonhole.sign-in.issuer}, whose OpenID Connect discovery document the page reads; none
   * by default. With it, {@code pigeonhole.sign-in.client} is what it knows the page as, {@code
   * pigeonhole.sign-in.scopes} what is asked for, {@code openid} by default, and {@code
   * pigeonhole.sign-in.token-origin} where it gives out tokens, unless that is its own origin.
   */
  private Optional<SignIn.Provider> provider() {
    String name = "pigeonhole.sign-in.issuer";
    Optional<String> issuer = config.getOptionalValue(name, String.class).map(String::strip);
    if (issuer.isEmpty() || issuer.get().isEmpty()) {
      return Optional.empty();
    }
    if (!ISSUER.matcher(issuer.get()).matches()) {
      throw invalid(name, "must be an address such as https://accounts.example.com", issuer.get());
    }
    URI address = URI.create(issuer.get());
    String scopes =
        config.getOptionalValue("pigeonhole.sign-in.scopes", String.class).orElse("openid").strip();
    String origin = "pigeonhole.sign-in.token-origin";
    String tokens = config.getOptionalValue(origin, String.class).orElse("").strip();
    if (!tokens.isEmpty() && (tokens.equals("*") || !ORIGIN.matcher(tokens).matches())) {
      throw invalid(origin, "must be an origin such as https://login.example.com", tokens);
    }
    return Optional.of(
        new SignIn.Provider(
            address,
            required("pigeonhole.sign-in.client", "what the issuer knows the page as"),
            scopes,
            tokens.isEmpty() ? address.resolve("/") : URI.create(tokens)));
  }

  /**
   * {@code pigeonhole.metrics.namespace}: under which CloudWatch keeps the metrics; {@code
   * Pigeonhole} by default. Two deployments in an account want one each.
   */
  public String metricsNamespace() {
    String name = "pigeonhole.metrics.namespace";
    String value = config.getOptionalValue(name, String.class).orElse("Pigeonhole").strip();
    if (!NAMESPACE.matcher(value).matches()) {
      throw invalid(name, "must be a namespace of CloudWatch, such as Pigeonhole/photos", value);
    }
    return value;
  }

  private String bucket(String name) {
    String value = required(name, "the name of a bucket");
    if (!BUCKET.matcher(value).matches()) {
      throw invalid(name, "must be the name of an S3 bucket", value);
    }
    return value;
  }

  private Set<String> words(String name, String what, Pattern pattern, String standard) {
    Set<String> words = new TreeSet<>();
    for (String word :
        config.getOptionalValue(name, String.class).orElse(standard).split(",", -1)) {
      if (!pattern.matcher(word.strip()).matches()) {
        throw invalid(
            name, "must be %s, separated by commas, such as %s".formatted(what, standard), word);
      }
      words.add(word.strip());
    }
    return words;
  }

  private long number(String name, long standard, long max) {
    String value =
        config.getOptionalValue(name, String.class).orElse(Long.toString(standard)).strip();
    try {
      long number = Long.parseLong(value);
      if (number >= 1 && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw invalid(name, "must be a whole number from 1 to " + max, value);
  }

  private String required(String name, String what) {
    return config
        .getOptionalValue(name, String.class)
        .map(String::strip)
        .filter(value -> !value.isEmpty())
        .orElseThrow(
            () ->
                new InvalidSettingException(
                    "the setting %s (environment variable %s) is missing: %s"
                        .formatted(name, variable(name), what)));
  }

  private static InvalidSettingException invalid(String name, String expected, String found) {
    return new InvalidSettingException(
        "the setting %s (environment variable %s) %s, and is '%s'"
            .formatted(name, variable(name), expected, found));
  }

  private static String variable(String name) {
    return name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }
}
