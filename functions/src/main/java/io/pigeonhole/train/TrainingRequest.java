package io.pigeonhole.train;

import com.fasterxml.jackson.databind.JsonNode;
import io.pigeonhole.api.Problem;
import io.pigeonhole.api.ProblemException;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What is to be trained.
 *
 * @param recipe one of the trainer's
 * @param data {@value #CIFAR}, or a part of the data set bucket as {@code s3://bucket/prefix}
 * @param name of the model, as the models bucket has it
 */
record TrainingRequest(String recipe, String data, String name) {
  static final String CIFAR = "cifar10";
  static final List<String> FIELDS = List.of("recipe", "data", "name");

  private static final String DEFAULT_RECIPE = "fast";
  private static final Pattern MODEL = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");
  private static final Pattern PREFIX = Pattern.compile("[^\\p{C}]{0,900}");

  /** What may be asked for. */
  record Limits(Set<String> recipes, String datasetBucket, String defaultName) {}

  /**
   * Reads and checks a request; what it does not say is as by default.
   *
   * @throws ProblemException naming the field, what was expected and what was found
   */
  static TrainingRequest read(JsonNode json, Limits limits) throws ProblemException {
    for (String field : (Iterable<String>) json::fieldNames) {
      if (!FIELDS.contains(field)) {
        throw wrong(field, "is not known; there are " + String.join(", ", FIELDS));
      }
    }
    return new TrainingRequest(
        recipe(text(json, "recipe", DEFAULT_RECIPE), limits),
        data(text(json, "data", CIFAR), limits),
        name(text(json, "name", limits.defaultName())));
  }

  private static String recipe(String recipe, Limits limits) throws ProblemException {
    if (!limits.recipes().contains(recipe)) {
      throw wrong(
          "recipe", "must be one of %s, and is '%s'".formatted(limits.recipes(), cut(recipe)));
    }
    return recipe;
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
