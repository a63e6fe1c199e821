package io.pigeonhole.train;

import com.fasterxml.jackson.databind.JsonNode;
import io.pigeonhole.api.Problem;
import io.pigeonhole.api.ProblemException;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What is to be trained.
 *
 * @param recipe one of the trainer's
 * @param base what it begins with, one of {@link Bases}; may be empty
 * @param data {@value #CIFAR}, or a part of the data set bucket as {@code s3://bucket/prefix}
 * @param name of the model, as the models bucket has it
 */
record TrainingRequest(String recipe, String base, String data, String name) {
  static final String CIFAR = "cifar10";
  static final List<String> FIELDS = List.of("recipe", "base", "data", "name");

  private static final String DEFAULT_RECIPE = "fast";

  /** The one that begins with a base, and the only one that does. */
  private static final String TRANSFER = "transfer";

  private static final Set<String> ON_A_BASE = Set.of(TRANSFER, "fine-tune");

  private static final Pattern MODEL = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");
  private static final Pattern PREFIX = Pattern.compile("[^\\p{C}]{0,900}");

  /** What may be asked for. */
  record Limits(Set<String> recipes, Bases bases, String datasetBucket, String defaultName) {}

  /**
   * Reads and checks a request; what it does not say is as by default.
   *
   * @throws ProblemException naming the field, what was expected and what was found
   * @throws IOException if the models bucket does not tell whether it has a base
   */
  static TrainingRequest read(JsonNode json, Limits limits) throws ProblemException, IOException {
    for (String field : (Iterable<String>) json::fieldNames) {
      if (!FIELDS.contains(field)) {
        throw wrong(field, "is not known; there are " + String.join(", ", FIELDS));
      }
    }
    String base = base(text(json, "base", ""), limits);
    String recipe = text(json, "recipe", base.isEmpty() ? DEFAULT_RECIPE : TRANSFER);
    return new TrainingRequest(
        recipe(recipe, base, limits),
        base,
        data(text(json, "data", CIFAR), limits),
        name(text(json, "name", limits.defaultName())));
  }

  private static String recipe(String recipe, String base, Limits limits) throws ProblemException {
    if (!limits.recipes().contains(recipe)) {
      throw wrong(
          "recipe", "must be one of %s, and is '%s'".formatted(limits.recipes(), cut(recipe)));
    }
    if (ON_A_BASE.contains(recipe) && base.isEmpty()) {
      throw wrong(
          "recipe",
          "is %s, which needs a base: add \"base\", such as \"mobilenet-v2\"".formatted(recipe));
    }
    if (!ON_A_BASE.contains(recipe) && !base.isEmpty()) {
      throw wrong(
          "recipe", "must be transfer or fine-tune with a base, and is '%s'".formatted(recipe));
    }
    return recipe;
  }

  private static String base(String base, Limits limits) throws ProblemException, IOException {
    if (!base.isEmpty() && !Bases.mayBeCalled(base)) {
      throw wrong(
          "base",
          "must be the name of a base, such as mobilenet-v2, and is '%s'".formatted(cut(base)));
    }
    if (!base.isEmpty() && !limits.bases().has(base)) {
      throw wrong(
          "base",
          "must be one of %s or one of those in the models bucket, and is '%s'"
              .formatted(limits.bases().known(), base));
    }
    return base;
  }

  private static String data(String data, Limits limits) throws ProblemException {
    String bucket = "s3://" + limits.datasetBucket() + "/";
    boolean inBucket =
        data.startsWith(bucket) && PREFIX.matcher(data.substring(bucket.length())).matches();
    if (!data.equals(CIFAR) && !inBucket) {
      throw wrong("data", "must be %s or %s…, and is '%s'".formatted(CIFAR, bucket, cut(data)));
    }
    return data;
  }

  private static String name(String name) throws ProblemException {
    if (!MODEL.matcher(name).matches()) {
      throw wrong(
          "name", "must be the name of a model, such as cifar10, and is '%s'".formatted(cut(name)));
    }
    return name;
  }

  private static String text(JsonNode json, String field, String byDefault)
      throws ProblemException {
    JsonNode value = json.path(field);
    if (value.isMissingNode()) {
      return byDefault;
    }
    if (!value.isTextual()) {
      throw wrong(field, "must be text, and is " + cut(value.toString()));
    }
    return value.asText();
  }

  private static String cut(String text) {
    String printable = text.replaceAll("\\p{C}", "?");
    return printable.length() > 100 ? printable.substring(0, 100) + "…" : printable;
  }

  private static ProblemException wrong(String field, String what) {
    return Problem.badRequest(cut(field) + " " + what).exception();
  }
}
