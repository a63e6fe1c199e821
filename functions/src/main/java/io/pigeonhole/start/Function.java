package io.pigeonhole.start;

import io.quarkus.amazon.lambda.runtime.QuarkusStreamHandler;
import io.quarkus.runtime.Quarkus;

/**
 * The handler for Lambda's Java runtime. It starts the application while Lambda initialises the
 * process; Quarkus' own handler does so at the first event.
 */
public final class Function extends QuarkusStreamHandler {
  /** Starts the application, or ends the process with one line that says why it cannot start. */
  public Function() {
    try {
      Quarkus.manualStart();
    } catch (RuntimeException e) {
      Startup.stop(e);
    }
  }
}
