package io.pigeonhole.start;

import io.pigeonhole.config.InvalidSettingException;
import io.quarkus.arc.Arc;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Makes the chosen handler at the start, so that what it lacks is known before the first event. */
@Singleton
final class Startup {
  void start(
      @Observes StartupEvent event,
      @ConfigProperty(name = "quarkus.lambda.handler") Optional<String> handler) {
    try {
      if (Arc.container().instance(handler.orElse("")).get() == null) {
        throw new InvalidSettingException(
            "the setting quarkus.lambda.handler (environment variable QUARKUS_LAMBDA_HANDLER) must"
                + " be label, classify, backfill, train or provide, and is '%s'"
                    .formatted(handler.orElse("")));
      }
      if (RuntimeLoop.isOurs()) {
        RuntimeLoop.start();
      }
    } catch (RuntimeException e) {
      stop(e);
    }
  }

  /** Ends the process with one line. */
  static void stop(Throwable reason) {
    String message =
        Stream.iterate(reason, e -> e != null, Throwable::getCause)
            .filter(InvalidSettingException.class::isInstance)
            .findFirst()
            .orElse(reason)
            .getMessage();
    System.err.println("pigeonhole cannot start: " + message);
    // no hooks: they would wait for the start to end
    Runtime.getRuntime().halt(1);
  }
}
