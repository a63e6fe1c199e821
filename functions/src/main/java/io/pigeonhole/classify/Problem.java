package io.pigeonhole.classify;

import java.util.Map;

/**
 * Why a request is not answered as asked, to be told as <a
 * href="https://www.rfc-editor.org/rfc/rfc9457">problem details</a>.
 *
 * @param detail what was expected and what was found; told to the client
 * @param code a word that programs can compare; empty if the status says all
 * @param headers that this status calls for
 */
record Problem(int status, String title, String detail, String code, Map<String, String> headers) {

  static Problem badRequest(String detail) {
    return new Problem(400, "Bad Request", detail, "", Map.of());
  }

  static Problem notFound(String detail) {
    return new Problem(404, "Not Found", detail, "", Map.of());
  }

  static Problem methodNotAllowed(String method, String allowed) {
    return new Problem(
        405,
        "Method Not Allowed",
        "%s is not among the methods of this path: %s".formatted(method, allowed),
        "",
        Map.of("Allow", allowed));
  }

  static Problem unsupportedMediaType(String detail) {
    return new Problem(415, "Unsupported Media Type", detail, "", Map.of());
  }

  static Problem unavailable(String detail) {
    return new Problem(503, "Service Unavailable", detail, "", Map.of("Retry-After", "2"));
  }

  static Problem internal(String requestId) {
    return new Problem(
        500, "Internal Server Error", "the log has more, see request " + requestId, "", Map.of());
  }

  ProblemException exception() {
    return new ProblemException(this);
  }
}
