package io.pigeonhole.pigeonholes;

import io.pigeonhole.api.Problem;
import io.pigeonhole.api.ProblemException;

/**
 * Which images of the bucket the API is about: those whose keys begin with a prefix. It reads,
 * lists and changes no others, and puts new ones there, so that all of them are labeled.
 *
 * @param prefix empty for all
 */
public record ImageKeys(String prefix) {

  /**
   * A key that somebody asks for.
   *
   * @throws ProblemException if the API is not about it, whether there is such an image or not
   */
  public String required(String key) throws ProblemException {
    if (key.startsWith(prefix)) {
      return key;
    }
    throw Problem.of(403, "this API is about images whose keys begin with " + prefix)
        .coded("outside")
        .exception();
  }
}
