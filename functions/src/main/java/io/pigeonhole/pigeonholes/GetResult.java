package io.pigeonhole.pigeonholes;

import io.pigeonhole.api.Answer;
import io.pigeonhole.api.Endpoint;
import io.pigeonhole.api.Level;
import io.pigeonhole.api.Operation;
import io.pigeonhole.api.Problem;
import io.pigeonhole.api.ProblemException;
import io.pigeonhole.api.Request;
import java.io.IOException;

/** {@code GET /images/{key}}: the result of an image, as the label function wrote it. */
public final class GetResult implements Endpoint {
  private final ImageResults results;
  private final ImageKeys keys;

  public GetResult(ImageResults results, ImageKeys keys) {
    this.results = results;
    this.keys = keys;
  }

  /** What it is. */
  public Operation operation() {
    return Operation.get("/images/{key+}", "getResult", Level.READ)
        .saying(
            "The result of an image",
            "Its label, or why it has none. 404 until the image is labeled: ask again after a"
                + " moment. Slashes in the key may stay as they are.")
        .inPath("key", Schemas.KEY, "The image's key, percent-encoded.")
        .answers("The result.", Schemas.RESULT)
        .problems(403, 404)
        .by(this);
  }

  @Override
  public Answer answer(Request request) throws ProblemException, IOException {
    ImageResults.Told told =
        results
            .of(keys.required(request.captured("key")))
            .orElseThrow(() -> Problem.notFound("this image has no result yet").exception());
    return Answer.json(told.json()).with("ETag", results.etag(told));
  }
}
