package io.pigeonhole.classify;

import io.pigeonhole.image.ImageError;
import io.pigeonhole.image.UndecodableImageException;
import java.util.Map;

/** Why an image cannot be classified: its error code, and the status that fits it. */
final class ImageProblem {
  private ImageProblem() {}

  static Problem of(UndecodableImageException e) {
    return of(e.error(), String.valueOf(e.getMessage()));
  }

  static Problem tooLarge(long bytes, long max) {
    return of(ImageError.TOO_LARGE, "%d bytes are more than %d".formatted(bytes, max));
  }

  private static Problem of(ImageError error, String detail) {
    if (error == ImageError.TOO_LARGE || error == ImageError.TOO_MANY_PIXELS) {
      return new Problem(413, "Content Too Large", detail, error.code(), Map.of());
    }
    if (error == ImageError.UNSUPPORTED_FORMAT) {
      return new Problem(415, "Unsupported Media Type", detail, error.code(), Map.of());
    }
    return new Problem(400, "Bad Request", detail, error.code(), Map.of());
  }
}
