package io.pigeonhole.trainer.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Holds the end of the process back while a run keeps its state: at SIGTERM (the two minutes'
 * notice of a Spot instance, {@code docker stop}) and at Ctrl-C.
 */
final class StopSignal implements AutoCloseable {

  /** Less than the notice, so that the process ends by itself. */
  private static final long PATIENCE_SECONDS = 100;

  private final CountDownLatch done = new CountDownLatch(1);
  private final Thread hook = new Thread(this::await, "stop");
  private volatile boolean stopping;

  /** From now on the process waits for {@link #close}. */
  StopSignal() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private void await() {
    stopping = true;
    try {
      boolean inTime = done.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (!inTime) {
        System.err.println("pigeonhole: ended before the run could keep its state");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether the process is to end. */
  boolean stopping() {
    return stopping;
  }

  @Override
  public void close() {
    done.countDown();
    if (!stopping) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException endingNow) {
        // the hook runs, and finds the latch open
      }
    }
  }
}
