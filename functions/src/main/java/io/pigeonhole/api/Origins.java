package io.pigeonhole.api;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Which web pages may use the API from a browser: those that it serves itself, and those of the
 * configured origins (<a href="https://fetch.spec.whatwg.org/#http-cors-protocol">CORS</a>).
 */
public final class Origins {
  private static final String ANY = "*";
  private static final String MAX_AGE_SECONDS = "600";

  /** What the operations look at, and what authorizers of API Gateway do: JWT's, and IAM's. */
  private static final String HEADERS =
      "Content-Type, If-Match, If-None-Match,"
          + " Authorization, X-Amz-Date, X-Amz-Security-Token, X-Amz-Content-Sha256";

  private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");

  private final Set<String> allowed;

  /** Allows these origins, such as {@code https://photos.example.com}; {@code *} allows all. */
  public Origins(Set<String> allowed) {
    this.allowed = Set.copyOf(allowed);
  }

  /**
   * Refuses what a page of a stranger has a browser do: without this, a visit to it could change
   * something here, although it may not read the answer.
   */
  void check(Request request) throws ProblemException {
    Optional<String> origin = request.header("origin");
    if (!SAFE.contains(request.method())
        && origin.isPresent()
        && !allows(origin.get())
        && !isOurs(origin.get(), request)) {
      throw Problem.of(403, "pages of the origin in the header Origin may not change anything here")
          .exception();
    }
  }

  /** Whether a browser asks for what it may do. */
  static boolean isPreflight(Request request) {
    return request.method().equals("OPTIONS")
        && request.header("origin").isPresent()
        && request.header("access-control-request-method").isPresent();
  }

  /** Answers a browser that asks for what it may do. */
  Answer preflight(Request request, String methods) {
    Answer answer = Answer.empty(204);
    if (request.header("origin").filter(this::allows).isPresent()) {
      answer =
          answer
              .with("Access-Control-Allow-Methods", methods)
              .with("Access-Control-Allow-Headers", HEADERS)
              .with("Access-Control-Max-Age", MAX_AGE_SECONDS);
    }
    return share(answer, request);
  }

  /** Lets the page that asked read the answer, if its origin is allowed. */
  Answer share(Answer answer, Request request) {
    if (allowed.isEmpty()) {
      return answer;
    }
    Answer varying = allowed.contains(ANY) ? answer : answer.varying("Origin");
    return request
        .header("origin")
        .filter(this::allows)
        .map(
            origin ->
                varying
                    .with("Access-Control-Allow-Origin", allowed.contains(ANY) ? ANY : origin)
                    .with("Access-Control-Expose-Headers", "ETag, Location, Retry-After"))
        .orElse(varying);
  }

  private boolean allows(String origin) {
    return allowed.contains(ANY) || allowed.contains(origin.toLowerCase(Locale.ROOT));
  }

  private static boolean isOurs(String origin, Request request) {
    try {
      String authority = URI.create(origin).getAuthority();
      return authority != null && authority.equalsIgnoreCase(request.header("host").orElse(""));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
