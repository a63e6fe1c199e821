package io.pigeonhole.classify;

import org.jboss.logging.Logger;

/** A bucket that does not answer as it should: the client may try again, the log has the reason. */
final class Unanswered {
  private static final Logger LOG = Logger.getLogger(Unanswered.class);

  private Unanswered() {}

  static ProblemException by(String what, Exception reason) {
    LOG.warnf("%s does not answer: %s", what, reason.getMessage());
    return Problem.unavailable(what + " does not answer").exception();
  }
}
