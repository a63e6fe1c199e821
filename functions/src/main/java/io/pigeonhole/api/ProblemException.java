package io.pigeonhole.api;

import java.io.Serial;

/** Ends a request with a problem. */
public final class ProblemException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  private final transient Problem problem;

  ProblemException(Problem problem) {
    super(problem.detail(), null, false, false);
    this.problem = problem;
  }

  public Problem problem() {
    return problem;
  }
}
