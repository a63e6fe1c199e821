package io.pigeonhole.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.EnumFeature;
import com.fasterxml.jackson.databind.deser.std.FromStringDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a trained model is: where its files are, what it takes, what it answers, and how good it was
 * measured to be. Written by the trainer as {@code manifest.json}, read by the functions.
 *
 * <p>The {@code serving_default} signature of the SavedModel takes {@link Input#tensor()}, {@code
 * [N, height, width, channels]}, and returns {@link Output#tensor()}, {@code float32 [N, classes]},
 * probabilities that sum to 1 over the classes in the order of {@link #classes()}. It may also
 * return {@link Output#novelty()}; then, and only then, the calibration has the level above which
 * an image is unknown.
 *
 * @param name the model's name: lower-case letters, digits, {@code . _ -}, at most 63 characters
 * @param version sorts by time; its last part is the beginning of the SavedModel's SHA-256
 * @param createdAt when the training ended
 * @param files every file of the version except the manifest itself
 * @param classes the labels: 2 to 10,000, distinct, usable as S3 tag values, at most 128 bytes
 * @param probes the answers to the {@link ProbeImages} as the trainer's evaluation saw them: a row
 *     for each image, its probabilities in the order of the classes; empty if they are not known
 */
public record Manifest(
    String name,
    ModelVersion version,
    Instant createdAt,
    List<ModelFile> files,
    List<String> classes,
    Input input,
    Output output,
    Calibration calibration,
    Metrics metrics,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<List<Double>> probes,
    Training training) {

  /** The file that holds the graph; in a version that the trainer wrote, also the weights. */
  public static final String SAVED_MODEL = "saved_model.pb";

  private static final int MAX_BYTES = 8 << 20;
  private static final int MAX_CLASSES = 10_000;
  private static final int MAX_CLASS_BYTES = 128;
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");

  /** In any script: what a folder can be called on every system, but that colons are allowed. */
  private static final Pattern CLASS =
      Pattern.compile("[\\p{L}\\p{M}\\p{N}\\p{P}\\p{S} \\x{200C}\\x{200D}&&[^/\\\\<>\"|*?]]+");

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .addModule(new Jdk8Module())
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
          .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .defaultSetterInfo(JsonSetter.Value.forContentNulls(Nulls.FAIL))
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  /**
   * Reads records by their components alone. To look for annotations, none of which says how to
   * read, takes a function longer at its start than to read.
   */
  private static final JsonMapper READER =
      JSON.rebuild()
          .disable(MapperFeature.USE_ANNOTATIONS, MapperFeature.AUTO_DETECT_CREATORS)
          .addModule(new SimpleModule().addDeserializer(ModelVersion.class, new VersionReader()))
          .build();

  /** A version is its text. */
  private static final class VersionReader extends FromStringDeserializer<ModelVersion> {
    private static final long serialVersionUID = 1;

    VersionReader() {
      super(ModelVersion.class);
    }

    @Override
    protected boolean _shouldTrim() {
      return false;
    }

    @Override
    protected ModelVersion _deserialize(String value, DeserializationContext context) {
      return new ModelVersion(value);
    }
  }

  public Manifest {
    requireName(name);
    files = List.copyOf(files);
    classes = List.copyOf(classes);
    probes = probes.stream().map(List::copyOf).toList();
    requireFiles(files, version);
    requireClasses(classes);
    requireNovelty(output, calibration);
    if (!probes.isEmpty()) {
      ProbeAnswers.require(probes, classes.size());
    }
  }

  /**
   * Reads a manifest. Unknown fields are ignored; {@code input.scale}, {@code output.novelty} with
   * {@code calibration.novelty}, {@code probes} and the later of the metrics, {@code
   * uncalibratedError}, {@code confusion} and {@code outliers}, may be absent.
   *
   * @throws InvalidManifestException if it is not JSON, or a field is missing or out of bounds; the
   *     message names the field
   */
  public static Manifest parse(byte[] json) throws InvalidManifestException {
    if (json.length > MAX_BYTES) {
      throw new InvalidManifestException(
          "the manifest has " + json.length + " bytes, more than " + MAX_BYTES);
    }
    try {
      JsonNode tree = JSON.readTree(json);
      if (!(tree instanceof ObjectNode manifest)) {
        throw new InvalidManifestException("the manifest is not a JSON object");
      }
      manifest.putIfAbsent("probes", JSON.createArrayNode());
      if (tree.path("input") instanceof ObjectNode input && !input.has("scale")) {
        input.put("scale", Input.DEFAULT_SCALE);
      }
      for (String part : List.of("output", "calibration")) {
        if (tree.path(part) instanceof ObjectNode object) {
          object.putIfAbsent("novelty", JSON.nullNode());
        }
      }
      if (tree.path("metrics") instanceof ObjectNode metrics) {
        metrics.putIfAbsent("uncalibratedError", JSON.nullNode());
        metrics.putIfAbsent("confusion", JSON.createArrayNode());
        metrics.putIfAbsent("outliers", JSON.nullNode());
      }
      return READER.treeToValue(tree, Manifest.class);
    } catch (JsonMappingException e) {
      throw new InvalidManifestException("the manifest's field " + path(e) + ": " + reason(e), e);
    } catch (IOException e) {
      throw new InvalidManifestException("the manifest is not JSON: " + firstLine(e), e);
    }
  }

  /** The manifest as UTF-8 JSON, indented; {@link #parse} gives back an equal one. */
  public byte[] toJson() {
    return json(this).getBytes(StandardCharsets.UTF_8);
  }

  static String json(Object part) {
    try {
      return JSON.writeValueAsString(part);
    } catch (IOException e) {
      throw new IllegalStateException("a manifest of plain values cannot fail to serialize", e);
    }
  }

  /** The files that are needed to serve: the graph, and the variables of one that is not frozen. */
  public List<ModelFile> servingFiles() {
    return files.stream()
        .filter(f -> f.path().equals(SAVED_MODEL) || f.path().startsWith("variables/"))
        .toList();
  }

  /** The same version with other files, the graph among them. */
  public Manifest withFiles(List<ModelFile> others) {
    return new Manifest(
        name,
        version,
        createdAt,
        others,
        classes,
        input,
        output,
        calibration,
        metrics,
        probes,
        training);
  }

  /** The same version with other metrics. */
  public Manifest with(Metrics others) {
    return new Manifest(
        name,
        version,
        createdAt,
        files,
        classes,
        input,
        output,
        calibration,
        others,
        probes,
        training);
  }

  private static void requireFiles(List<ModelFile> files, ModelVersion version) {
    Set<String> paths = files.stream().map(ModelFile::path).collect(Collectors.toSet());
    Field.require(paths.size() == files.size(), "files", paths, "names a path twice");
    String sha256 =
        files.stream()
            .filter(f -> f.path().equals(SAVED_MODEL))
            .map(ModelFile::sha256)
            .findFirst()
            .orElseThrow(() -> Field.invalid("files", paths, "lacks " + SAVED_MODEL));
    Field.require(
        sha256.startsWith(version.hash()),
        "version",
        version,
        "does not end with the beginning of the SHA-256 of " + SAVED_MODEL + ", " + sha256);
  }

  private static void requireNovelty(Output output, Calibration calibration) {
    output
        .novelty()
        .ifPresent(
            key ->
                Field.require(
                    calibration.novelty().isPresent(),
                    "output.novelty",
                    key,
                    "needs a level, calibration.novelty"));
    calibration
        .novelty()
        .ifPresent(
            level ->
                Field.require(
                    output.novelty().isPresent(),
                    "calibration.novelty",
                    level,
                    "needs what the network answers, output.novelty"));
  }

  /**
   * Checks that a text can be the name of a model.
   *
   * @throws IllegalArgumentException if not, saying why
   */
  public static void requireName(String name) {
    Field.require(NAME.matcher(name).matches(), "name", name, "must match " + NAME);
  }

  /**
   * Checks that labels can be the classes of a model.
   *
   * @throws IllegalArgumentException if not, saying why
   */
  public static void requireClasses(List<String> classes) {
    int count = classes.size();
    Field.require(
        count >= 2 && count <= MAX_CLASSES, "classes", count, "must be 2 to " + MAX_CLASSES);
    Set<String> seen = new HashSet<>();
    for (String label : classes) {
      requireClass(label);
      Field.require(seen.add(label), "classes", label, "is named twice");
    }
  }

  /**
   * Checks that a label can be a folder's name, and is short enough for a part of a key.
   *
   * @throws IllegalArgumentException if not, saying why
   */
  public static void requireClass(String label) {
    Field.require(
        CLASS.matcher(label).matches() && label.equals(label.strip()),
        "classes",
        label,
        "may have letters, digits, signs and emoji of any script and spaces between them, but not"
            + " / \\ < > \" | * ?");
    Field.require(
        StoredLabel.of(label).getBytes(StandardCharsets.UTF_8).length <= MAX_CLASS_BYTES,
        "classes",
        label,
        "is longer than 128 bytes in S3, where each combining mark and each sign but _ . : = + @ -"
            + " takes 5 and an emoji 10");
    Field.require(!label.equals(".") && !label.equals(".."), "classes", label, "is not a name");
  }

  private static String path(JsonMappingException e) {
    String path =
        e.getPath().stream()
            .map(r -> r.getFieldName() != null ? r.getFieldName() : "[" + r.getIndex() + "]")
            .collect(Collectors.joining("."))
            .replace(".[", "[");
    return path.isEmpty() ? "(root)" : path;
  }

  private static String reason(JsonMappingException e) {
    return e.getCause() instanceof IllegalArgumentException cause
        ? cause.getMessage()
        : firstLine(e);
  }

  private static String firstLine(IOException e) {
    String message =
        e instanceof JsonProcessingException json
            ? json.getOriginalMessage()
            : String.valueOf(e.getMessage());
    return message.lines().findFirst().orElse("unreadable");
  }
}
