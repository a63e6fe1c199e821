package io.pigeonhole.classify;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pigeonhole.api.Access;
import io.pigeonhole.api.Answer;
import io.pigeonhole.api.Endpoint;
import io.pigeonhole.api.Level;
import io.pigeonhole.api.OpenApi;
import io.pigeonhole.api.Operation;
import io.pigeonhole.api.Request;
import io.pigeonhole.api.Schema;
import java.util.List;

/** {@code GET /openapi.json}: the operations, described. */
final class Description implements Endpoint {
  private static final String ABOUT =
      """
      Drop an image into a bucket, and it lands in the right pigeonhole.

      Whatever goes wrong is told as problem details (RFC 9457), `application/problem+json`. 429 \
      and 503 come with `Retry-After`. All requests but `POST /uploads` have the same effect when \
      repeated. Answers to `GET` have an `ETag`, and `If-None-Match` is honoured. A body may have \
      10 MB, of which API Gateway and Lambda leave 4.5 MB for an image: `POST /uploads` takes \
      larger ones. An operation needs a level, which its `security` names: `read`, `write` or `admin`, \
      each of which includes those before it; `GET /sign-in` says where tokens come from. What API Gateway answers by itself (401, 403, 413, 429, 500, 503) is \
      `application/json` with a `message`, and without `Retry-After`.
      """;

  private final List<Operation> operations;
  private final Access access;

  /** Describes these operations, and whatever is added to the list before the first request. */
  Description(List<Operation> operations, Access access) {
    this.operations = operations;
    this.access = access;
  }

  Operation operation() {
    return Operation.get("/openapi.json", "getDescription", Level.READ)
        .saying("This description", "")
        .answers("OpenAPI 3.1.", Schema.object())
        .by(this);
  }

  ObjectNode document() {
    return OpenApi.document("Pigeonhole", "1", ABOUT, operations, access);
  }

  @Override
  public Answer answer(Request request) {
    return Answer.json(document());
  }
}
