package io.pigeonhole.api;

import java.io.IOException;

/** Answers the requests of an operation. */
@FunctionalInterface
public interface Endpoint {
  /**
   * Answers. What a bucket does not answer, an {@link IOException} or the SDK's, is told to the
   * client as a reason to try again.
   */
  Answer answer(Request request) throws ProblemException, IOException;
}
