package io.pigeonhole.classify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pigeonhole.image.ImageDecoder;
import io.pigeonhole.image.UndecodableImageException;
import io.pigeonhole.inference.Batch;
import io.pigeonhole.inference.Classification;
import io.pigeonhole.inference.Lease;
import io.pigeonhole.inference.ModelInService;
import io.pigeonhole.inference.ModelUnavailableException;
import io.pigeonhole.model.Manifest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * {@code POST /classify}: the label of the image in the body, or of the one in the images bucket
 * that {@code {"key": …}} names. {@code ?top=k} sets how many predictions are told, 5 if not given.
 */
final class ClassifyImage implements Router.Endpoint {
  private static final int TOP = 5;
  private static final int MAX_KEY_BYTES = 1024;
  // curl calls what it posts a form, if it is not told otherwise
  private static final Set<String> BINARY =
      Set.of(
          "application/octet-stream", "binary/octet-stream", "application/x-www-form-urlencoded");
  private static final Duration FIRST_MODEL = Duration.ofSeconds(25);

  private final ModelInService models;
  private final ImageDecoder decoder;
  private final ImageSource images;

  ClassifyImage(ModelInService models, ImageDecoder decoder, ImageSource images) {
    this.models = models;
    this.decoder = decoder;
    this.images = images;
  }

  @Override
  public Answer answer(Request request, String rest) throws ProblemException {
    byte[] image = image(request);
    try (Lease model = models.acquire(FIRST_MODEL)) {
      int top = top(request, model.manifest().classes().size());
      Batch batch = model.newBatch(1);
      batch.add(decoder.decode(image, batch.width(), batch.height()));
      Classification classification = model.classify(batch).of(0);
      return Answer.json(json(classification.top(top), model.manifest()));
    } catch (ModelUnavailableException e) {
      throw Problem.unavailable(String.valueOf(e.getMessage())).exception();
    } catch (UndecodableImageException e) {
      throw ImageProblem.of(e).exception();
    }
  }

  private byte[] image(Request request) throws ProblemException {
    String type = request.mediaType().orElse("application/octet-stream");
    if (type.equals("application/json")) {
      return stored(key(request.body()));
    }
    if (type.startsWith("image/") || BINARY.contains(type)) {
      return request.body();
    }
    throw Problem.unsupportedMediaType(
            "expected an image as the body, or {\"key\": …} as application/json, found " + type)
        .exception();
  }

  private static String key(byte[] body) throws ProblemException {
    try {
      JsonNode key = Answer.JSON.readTree(body).path("key");
      if (key.isTextual() && !key.asText().isEmpty()) {
        return key.asText();
      }
    } catch (JsonProcessingException e) {
      // said below
    } catch (IOException e) {
      throw new IllegalStateException("bytes in memory can be read", e);
    }
    throw Problem.badRequest("expected {\"key\": \"the key of an image\"}").exception();
  }

  private byte[] stored(String key) throws ProblemException {
    if (key.getBytes(StandardCharsets.UTF_8).length > MAX_KEY_BYTES) {
      throw Problem.notFound("S3 has no keys of more than " + MAX_KEY_BYTES + " bytes").exception();
    }
    try {
      return images
          .read(key)
          .orElseThrow(() -> Problem.notFound("there is no image of this key").exception());
    } catch (IOException | SdkException e) {
      throw Unanswered.by("the images bucket", e);
    }
  }

  private static int top(Request request, int classes) throws ProblemException {
    String top = request.query().getOrDefault("top", Integer.toString(Math.min(TOP, classes)));
    try {
      int count = Integer.parseInt(top);
      if (count >= 1 && count <= classes) {
        return count;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw Problem.badRequest("top must be a whole number from 1 to " + classes).exception();
  }

  private static JsonNode json(Classification classification, Manifest manifest) {
    ObjectNode json = Answer.JSON.createObjectNode();
    json.put("label", classification.label())
        .put("confidence", classification.confidence())
        .put("review", classification.review());
    ArrayNode predictions = json.putArray("predictions");
    classification
        .predictions()
        .forEach(
            p -> predictions.addObject().put("label", p.label()).put("confidence", p.confidence()));
    json.putObject("model").put("name", manifest.name()).put("version", manifest.version().value());
    return json;
  }
}
