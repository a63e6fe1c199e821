package io.pigeonhole.classify;

import com.fasterxml.jackson.databind.JsonNode;
import io.pigeonhole.api.Problem;
import io.pigeonhole.api.ProblemException;
import io.pigeonhole.api.Request;
import io.pigeonhole.image.ImageError;
import io.pigeonhole.image.UndecodableImageException;
import io.pigeonhole.pigeonholes.ImageKeys;
import io.pigeonhole.pigeonholes.StoredObjects;
import java.io.IOException;
import java.util.Set;
import software.amazon.awssdk.services.s3.model.InvalidObjectStateException;

/** The image that a request is about: its body, a part of it, or the one that it names. */
final class SentImage {
  private static final String EXPECTED =
      "{\"image\": \"base64 or a data URL\"} or {\"key\": \"the key of an image\"}";

  // curl calls what it posts a form, if it is not told otherwise
  private static final Set<String> BINARY =
      Set.of(
          "application/octet-stream", "binary/octet-stream", "application/x-www-form-urlencoded");

  private static final Set<String> CONTAINERS = Set.of("application/json", "multipart/form-data");

  private final StoredObjects images;
  private final ImageKeys keys;

  SentImage(StoredObjects images, ImageKeys keys) {
    this.images = images;
    this.keys = keys;
  }

  byte[] of(Request request) throws ProblemException, IOException {
    String type = mediaType(request);
    if (type.equals("application/json")) {
      return fromJson(request.json(EXPECTED));
    }
    if (type.equals("multipart/form-data")) {
      return Form.file(request.header("content-type").orElseThrow(), request.body());
    }
    return request.body();
  }

  /**
   * Why a body is refused whose bytes are no image: for its type, if that says as much. Clients
   * send images as {@code application/x-image} or {@code text/plain}, so the bytes are asked first.
   */
  static Problem problem(Request request, UndecodableImageException e) {
    String type = mediaType(request);
    boolean saidToBeOne =
        type.startsWith("image/") || BINARY.contains(type) || CONTAINERS.contains(type);
    if (saidToBeOne || e.error() != ImageError.NOT_AN_IMAGE) {
      return ImageProblem.of(e);
    }
    return Problem.unsupportedMediaType(
        "expected an image as the body or in a form, or "
            + EXPECTED
            + " as application/json, found "
            + type);
  }

  private static String mediaType(Request request) {
    return request.mediaType().orElse("application/octet-stream");
  }

  private byte[] fromJson(JsonNode json) throws ProblemException, IOException {
    JsonNode image = json.path("image");
    JsonNode key = json.path("key");
    if (image.isTextual() && !image.asText().isEmpty() && key.isMissingNode()) {
      return EncodedImage.decode(image.asText());
    }
    if (!key.isTextual() || key.asText().isEmpty() || !image.isMissingNode()) {
      throw Problem.badRequest("expected " + EXPECTED).exception();
    }
    return stored(key.asText());
  }

  private byte[] stored(String key) throws ProblemException, IOException {
    try {
      StoredObjects.Found found =
          images
              .read(keys.required(key))
              .orElseThrow(() -> Problem.notFound("there is no image of this key").exception());
      return found.encoding().decoded(found.bytes(), images.maxBytes());
    } catch (UndecodableImageException e) {
      throw ImageProblem.of(e).exception();
    } catch (InvalidObjectStateException e) {
      throw Problem.conflict("archived", "this image has to be restored before it can be read")
          .exception();
    }
  }
}
