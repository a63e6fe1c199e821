package io.pigeonhole.pigeonholes;

import com.fasterxml.jackson.databind.JsonNode;
import io.pigeonhole.api.Answer;
import io.pigeonhole.api.Endpoint;
import io.pigeonhole.api.Level;
import io.pigeonhole.api.Operation;
import io.pigeonhole.api.Problem;
import io.pigeonhole.api.ProblemException;
import io.pigeonhole.api.Request;
import io.pigeonhole.api.Schema;
import io.pigeonhole.label.Corrections;
import io.pigeonhole.model.Manifest;
import java.io.IOException;
import java.text.Normalizer;
import java.util.Map;
import java.util.Optional;

/**
 * {@code PUT /images/{key}/label}: a person says what an image is, or that it is nothing that there
 * are labels for. It need not be one of the model's classes: the next training learns new ones from
 * just such corrections.
 */
public final class CorrectLabel implements Endpoint {
  private static final String EXPECTED = "{\"label\": \"what the image is\"} or {\"none\": true}";

  private final Corrections corrections;
  private final ImageResults results;
  private final ImageKeys keys;

  public CorrectLabel(Corrections corrections, ImageResults results, ImageKeys keys) {
    this.corrections = corrections;
    this.results = results;
    this.keys = keys;
  }

  /** What it is. */
  public Operation operation() {
    return Operation.put("/images/{key+}/label", "correctLabel", Level.WRITE)
        .saying(
            "Say what an image is",
            "The label becomes the result's, its tag's and the index's, and the image is no longer"
                + " for review. It is kept when a newer model labels the same content again, and"
                + " the next training learns from it. Any label that can be a folder is allowed,"
                + " so that new classes can come up. Or else `none` says that the image shows none"
                + " of what there are labels for: then it is in no pigeonhole, and no training"
                + " learns from it. May be repeated.")
        .inPath("key", Schemas.KEY, "The image's key, percent-encoded.")
        .inHeader(
            "If-Match",
            Schema.string(),
            "The ETag of the result that was looked at: 412 if there is another one by now.")
        .takes(
            "application/json",
            Schema.object()
                .optional("label", Schemas.LABEL)
                .optional("none", Schema.yes().saying("Instead of a label."))
                .named("CorrectionRequest"))
        .answers("The result, with the correction.", Schemas.RESULT)
        .problems(403, 404, 409, 412, 415, 422)
        .by(this);
  }

  @Override
  public Answer answer(Request request) throws ProblemException, IOException {
    String key = keys.required(request.captured("key"));
    Corrections.Outcome outcome = corrections.correct(key, label(request), ifMatch(request));
    if (outcome instanceof Corrections.Outcome.NoResult) {
      throw noResult();
    }
    if (outcome instanceof Corrections.Outcome.Changed) {
      throw Problem.of(412, "the result has changed since it was looked at").exception();
    }
    if (outcome instanceof Corrections.Outcome.NoLabel none) {
      throw Problem.conflict(none.code(), "this image could not be labeled").exception();
    }
    ImageResults.Told told = results.of(key).orElseThrow(CorrectLabel::noResult);
    return new Answer(200, Map.of("ETag", results.etag(told)), Answer.json(told.json()).body())
        .with("Content-Type", "application/json");
  }

  private static ProblemException noResult() {
    return Problem.notFound("this image has no result yet").exception();
  }

  /** Empty if it is none. */
  private static Optional<String> label(Request request) throws ProblemException {
    JsonNode said = request.json(EXPECTED);
    boolean none = said.path("none").isBoolean() && said.path("none").asBoolean();
    boolean label = said.path("label").isTextual();
    if (none == label || said.has("none") != none || said.has("label") != label) {
      throw Problem.badRequest("expected " + EXPECTED).exception();
    }
    return none ? Optional.empty() : Optional.of(composed(said.path("label").asText()));
  }

  private static String composed(String label) throws ProblemException {
    try {
      // as the trainer reads folders: or two pigeonholes would look the same
      String composed = Normalizer.normalize(label, Normalizer.Form.NFC);
      Manifest.requireClass(composed);
      return composed;
    } catch (IllegalArgumentException e) {
      throw Problem.unprocessable(
              "a label has 1 to 128 bytes: letters, digits, signs and emoji of any script, spaces"
                  + " between them, but not / \\ < > \" | * ?")
          .exception();
    }
  }

  /** The part of the ETag that is the result's own. */
  private static Optional<String> ifMatch(Request request) {
    return request
        .header("if-match")
        .map(String::strip)
        .filter(etag -> !etag.equals("*"))
        .map(etag -> etag.replace("\"", ""))
        .map(etag -> etag.contains("-") ? etag.substring(0, etag.lastIndexOf('-')) : etag);
  }
}
