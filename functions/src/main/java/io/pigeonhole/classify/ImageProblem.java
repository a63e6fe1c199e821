package io.pigeonhole.classify;

import io.pigeonhole.api.Problem;
import io.pigeonhole.image.ImageError;
import io.pigeonhole.image.UndecodableImageException;

/** Why an image cannot be classified: its error code, and the status that fits it. */
final class ImageProblem {
  private ImageProblem() {}

  static Problem of(UndecodableImageException e) {
    return Problem.of(status(e.error()), String.valueOf(e.getMessage())).coded(e.error().code());
  }

  private static int status(ImageError error) {
    return switch (error) {
      case TOO_LARGE, TOO_MANY_PIXELS -> 413;
      case UNSUPPORTED_FORMAT -> 415;
      default -> 400;
    };
  }
}
