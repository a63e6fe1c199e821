package io.pigeonhole.client;

import java.io.IOException;

/** What the API says is wrong with a request. */
public final class ApiProblem extends IOException {
  private static final long serialVersionUID = 1L;
  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;
  private static final int TOO_LARGE = 413;

  private final int status;
  private final String code;

  /**
   * A problem, in words.
   *
   * @param code a word that programs can compare; may be empty
   */
  ApiProblem(int status, String code, String detail) {
    super(detail);
    this.status = status;
    this.code = code;
  }

  boolean isNotFound() {
    return status == NOT_FOUND;
  }

  /** Whether it is refused because of what is there already. */
  public boolean isConflict() {
    return status == CONFLICT;
  }

  /** Whether the request had too many bytes, rather than its image too many pixels. */
  boolean isTooLarge() {
    return status == TOO_LARGE && !code.equals("too-many-pixels");
  }
}
