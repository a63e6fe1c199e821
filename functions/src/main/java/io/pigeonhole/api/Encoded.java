package io.pigeonhole.api;

import io.pigeonhole.content.ContentEncoding;
import io.pigeonhole.image.UndecodableImageException;
import java.util.Map;

/** Takes the content encoding off requests. */
final class Encoded {
  private static final Map<String, String> ACCEPTED = Map.of("Accept-Encoding", "gzip");

  private Encoded() {}

  static Request decoded(Request request) throws ProblemException {
    ContentEncoding encoding = ContentEncoding.of(request.header("content-encoding").orElse(""));
    if (encoding.isNone() || request.body().length == 0) {
      return request;
    }
    try {
      return request.body(encoding.decoded(request.body(), Api.MAX_BODY_BYTES));
    } catch (UndecodableImageException e) {
      String detail = String.valueOf(e.getMessage());
      throw switch (e.error()) {
        case TOO_LARGE -> Problem.of(413, detail).coded("too-large").exception();
        case UNSUPPORTED_FORMAT ->
            new Problem(415, Problem.title(415), detail, "", ACCEPTED).exception();
        default -> Problem.badRequest(detail).exception();
      };
    }
  }
}
