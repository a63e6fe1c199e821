package io.pigeonhole.classify;

import io.pigeonhole.label.ResultLayout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import software.amazon.awssdk.core.exception.SdkException;

/** {@code GET /images/{key}}: the result of an image, as the label function wrote it. */
final class ImageResult implements Router.Endpoint {
  private final ImageSource results;

  ImageResult(ImageSource results) {
    this.results = results;
  }

  @Override
  public Answer answer(Request request, String key) throws ProblemException {
    try {
      byte[] json =
          results
              .read(ResultLayout.result(key))
              .orElseThrow(() -> Problem.notFound("this image has no result yet").exception());
      return Answer.json(new String(json, StandardCharsets.UTF_8));
    } catch (IOException | SdkException e) {
      throw Unanswered.by("the results bucket", e);
    }
  }
}
