package io.pigeonhole.classify;

import com.fasterxml.jackson.databind.JsonNode;
import io.pigeonhole.api.Problem;
import io.pigeonhole.api.ProblemException;
import io.pigeonhole.api.Request;
import io.pigeonhole.image.UndecodableImageException;
import io.pigeonhole.pigeonholes.StoredObjects;
import java.io.IOException;
import java.util.Set;
import software.amazon.awssdk.services.s3.model.InvalidObjectStateException;

/** The image that a request is about: its body, a part of it, or the one that it names. */
final class SentImage {
  private static final String EXPECTED = "{\"key\": \"the key of an image\"}";

  // curl calls what it posts a form, if it is not told otherwise
  private static final Set<String> BINARY =
      Set.of(
          "application/octet-stream", "binary/octet-stream", "application/x-www-form-urlencoded");

  private final StoredObjects images;

  SentImage(StoredObjects images) {
    this.images = images;
  }

  byte[] of(Request request) throws ProblemException, IOException {
    String type = request.mediaType().orElse("application/octet-stream");
    if (type.equals("application/json")) {
      return stored(request);
    }
    if (type.equals("multipart/form-data")) {
      return Form.file(request.header("content-type").orElseThrow(), request.body());
    }
    if (type.startsWith("image/") || BINARY.contains(type)) {
      return request.body();
    }
    throw Problem.unsupportedMediaType(
            "expected an image as the body or in a form, or "
                + EXPECTED
                + " as application/json, found "
                + type)
        .exception();
  }

  private byte[] stored(Request request) throws ProblemException, IOException {
    JsonNode key = request.json(EXPECTED).path("key");
    if (!key.isTextual() || key.asText().isEmpty()) {
      throw Problem.badRequest("expected " + EXPECTED).exception();
    }
    try {
      StoredObjects.Found found =
          images
              .read(key.asText())
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
