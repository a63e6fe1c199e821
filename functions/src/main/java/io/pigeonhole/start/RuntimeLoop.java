package io.pigeonhole.start;

import io.pigeonhole.config.InvalidSettingException;
import io.quarkus.amazon.lambda.runtime.AmazonLambdaRecorder;
import io.quarkus.runtime.Application;
import io.quarkus.runtime.ImageMode;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.ShutdownContext;
import org.jboss.logging.Logger;

/** Quarkus' loop over the events of the Runtime API, which it starts itself only when native. */
final class RuntimeLoop {
  private static final Logger LOG = Logger.getLogger(RuntimeLoop.class);

  private RuntimeLoop() {}

  /** Whether nobody else starts it, or calls the handler. */
  static boolean isOurs() {
    return ImageMode.current() == ImageMode.JVM
        && LaunchMode.current() == LaunchMode.NORMAL
        && Application.currentApplication() != null;
  }

  /** Starts it; it ends with the process. */
  static void start() {
    if (System.getenv("AWS_LAMBDA_RUNTIME_API") == null) {
      throw new InvalidSettingException(
          "the environment variable AWS_LAMBDA_RUNTIME_API is missing: Lambda sets it");
    }
    // The loop survives exceptions, but not errors: then Lambda starts a new process.
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, e) -> {
          LOG.errorf(e, "thread %s ended", thread.getName());
          Runtime.getRuntime().halt(1);
        });
    new AmazonLambdaRecorder(null).startPollLoop(new UntilKilled(), LaunchMode.NORMAL);
  }

  /** Between events there is nothing to shut down. */
  private static final class UntilKilled implements ShutdownContext {
    @Override
    public void addShutdownTask(Runnable task) {
      // never run
    }

    @Override
    public void addLastShutdownTask(Runnable task) {
      // never run
    }
  }
}
