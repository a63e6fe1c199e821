package io.pigeonhole.label;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pigeonhole.model.Classification;
import io.pigeonhole.model.Prediction;
import io.pigeonhole.model.ReviewReason;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A result as the JSON of {@code labels/<key>.json}. Fields that would be empty are left out. */
final class ResultJson {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private ResultJson() {}

  static byte[] write(Result result) {
    ObjectNode json = JSON.createObjectNode();
    ObjectVersion object = result.object();
    json.put("bucket", object.bucket()).put("key", object.key());
    putUnlessEmpty(json, "versionId", object.versionId());
    putUnlessEmpty(json, "etag", object.etag());
    if (result instanceof Result.Labeled labeled) {
      put(json, labeled);
    } else if (result instanceof Result.Unlabeled unlabeled) {
      json.putObject("error").put("code", unlabeled.code()).put("message", unlabeled.message());
      json.put("labeledAt", unlabeled.labeledAt().toString());
    }
    putUnlessEmpty(json, "sequencer", object.sequencer());
    if (!result.formerLabels().isEmpty()) {
      ArrayNode former = json.putArray("formerLabels");
      result.formerLabels().forEach(former::add);
    }
    try {
      return JSON.writeValueAsBytes(json);
    } catch (IOException e) {
      throw new IllegalStateException("a tree of plain values cannot fail to serialize", e);
    }
  }

  /** The result that the JSON says; empty if it says none. */
  static Optional<Result> read(byte[] bytes) {
    try {
      JsonNode json = JSON.readTree(bytes);
      return json != null && json.hasNonNull("key") ? Optional.of(result(json)) : Optional.empty();
    } catch (IOException | DateTimeException e) {
      return Optional.empty();
    }
  }

  private static void put(ObjectNode json, Result.Labeled labeled) {
    Classification classification = labeled.classification();
    labeled
        .label()
        .ifPresent(label -> json.put("label", label).put("confidence", labeled.confidence()));
    json.put("review", labeled.reason().isPresent());
    labeled.reason().ifPresent(reason -> json.put("reason", reason.code()));
    classification.novelty().ifPresent(novelty -> json.put("novelty", novelty));
    labeled.correction().ifPresent(correction -> put(json.putObject("correction"), correction));
    ArrayNode predictions = json.putArray("predictions");
    classification
        .predictions()
        .forEach(
            p -> predictions.addObject().put("label", p.label()).put("confidence", p.confidence()));
    json.putObject("model")
        .put("name", labeled.model().name())
        .put("version", labeled.model().version());
    json.put("labeledAt", labeled.labeledAt().toString());
  }

  private static void put(ObjectNode json, Result.Correction correction) {
    correction
        .label()
        .ifPresentOrElse(label -> json.put("label", label), () -> json.put("none", true));
    json.put("at", correction.at().toString());
  }

  private static Result result(JsonNode json) {
    ObjectVersion object =
        new ObjectVersion(
            json.path("bucket").asText(),
            json.path("key").asText(),
            json.path("versionId").asText(),
            json.path("etag").asText(),
            json.path("sequencer").asText());
    Instant at = Instant.parse(json.path("labeledAt").asText());
    List<String> former = new ArrayList<>();
    json.path("formerLabels").forEach(label -> former.add(label.asText()));
    List<Prediction> predictions = new ArrayList<>();
    for (JsonNode p : json.path("predictions")) {
      predictions.add(new Prediction(p.path("label").asText(), p.path("confidence").floatValue()));
    }
    if (predictions.isEmpty()) {
      JsonNode error = json.path("error");
      return new Result.Unlabeled(
          object,
          error.path("code").asText(),
          error.path("message").asText(),
          at,
          List.copyOf(former));
    }
    JsonNode model = json.path("model");
    return new Result.Labeled(
        object,
        new Classification(predictions, reason(json), novelty(json.path("novelty"))),
        new Result.ModelId(model.path("name").asText(), model.path("version").asText()),
        at,
        correction(json.path("correction")),
        List.copyOf(former));
  }

  /** Results of before there were reasons are for review because the model is unsure. */
  private static Optional<ReviewReason> reason(JsonNode json) {
    return json.path("review").asBoolean()
        ? ReviewReason.of(json.path("reason").asText()).or(() -> Optional.of(ReviewReason.UNSURE))
        : Optional.empty();
  }

  private static Optional<Float> novelty(JsonNode json) {
    return json.isNumber() ? Optional.of(json.floatValue()) : Optional.empty();
  }

  private static Optional<Result.Correction> correction(JsonNode json) {
    return json.isObject()
        ? Optional.of(
            new Result.Correction(
                json.path("none").asBoolean()
                    ? Optional.empty()
                    : Optional.of(json.path("label").asText()),
                Instant.parse(json.path("at").asText())))
        : Optional.empty();
  }

  private static void putUnlessEmpty(ObjectNode json, String field, String value) {
    if (!value.isEmpty()) {
      json.put(field, value);
    }
  }
}
