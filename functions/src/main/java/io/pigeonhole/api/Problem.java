package io.pigeonhole.api;

import java.util.Map;

/**
 * Why a request is not answered as asked, to be told as <a
 * href="https://www.rfc-editor.org/rfc/rfc9457">problem details</a>.
 *
 * @param detail what was expected and what was found; told to the client
 * @param code a word that programs can compare; empty if the status says all
 * @param headers that this status calls for
 */
public record Problem(
    int status, String title, String detail, String code, Map<String, String> headers) {
  private static final Map<String, String> SOON = Map.of("Retry-After", "2");

  public static Problem badRequest(String detail) {
    return of(400, detail);
  }

  public static Problem notFound(String detail) {
    return of(404, detail);
  }

  public static Problem methodNotAllowed(String method, String allowed) {
    String detail = "%s is not among the methods of this path: %s".formatted(method, allowed);
    return new Problem(405, title(405), detail, "", Map.of("Allow", allowed));
  }

  public static Problem conflict(String code, String detail) {
    return of(409, detail).coded(code);
  }

  public static Problem unsupportedMediaType(String detail) {
    return of(415, detail);
  }

  public static Problem unprocessable(String detail) {
    return of(422, detail);
  }

  /** To be tried again, in a moment. */
  public static Problem tooManyRequests(String detail) {
    return new Problem(429, title(429), detail, "", SOON);
  }

  /** To be tried again, in a moment. */
  public static Problem unavailable(String detail) {
    return new Problem(503, title(503), detail, "", SOON);
  }

  public static Problem internal(String requestId) {
    return of(500, "the log has more, see request " + requestId);
  }

  /** A problem that its status and its detail say all about. */
  public static Problem of(int status, String detail) {
    return new Problem(status, title(status), detail, "", Map.of());
  }

  /** The same, with a word that programs can compare. */
  public Problem coded(String word) {
    return new Problem(status, title, detail, word, headers);
  }

  /** The same, with headers that this status calls for. */
  Problem with(Map<String, String> others) {
    return new Problem(status, title, detail, code, others);
  }

  public ProblemException exception() {
    return new ProblemException(this);
  }

  /** The phrase of a status, as RFC 9110 has it. */
  static String title(int status) {
    return switch (status) {
      case 200 -> "OK";
      case 201 -> "Created";
      case 202 -> "Accepted";
      case 204 -> "No Content";
      case 302 -> "Found";
      case 304 -> "Not Modified";
      case 400 -> "Bad Request";
      case 401 -> "Unauthorized";
      case 403 -> "Forbidden";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 406 -> "Not Acceptable";
      case 409 -> "Conflict";
      case 412 -> "Precondition Failed";
      case 413 -> "Content Too Large";
      case 415 -> "Unsupported Media Type";
      case 422 -> "Unprocessable Content";
      case 429 -> "Too Many Requests";
      case 500 -> "Internal Server Error";
      case 501 -> "Not Implemented";
      case 503 -> "Service Unavailable";
      default -> throw new IllegalArgumentException("no title for the status " + status);
    };
  }
}
