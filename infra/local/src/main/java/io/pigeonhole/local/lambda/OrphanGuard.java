package io.pigeonhole.local.lambda;

import java.io.IOException;

/**
 * Kills a process when this one is gone, however that came about. A function that waits for its
 * next event notices by itself; one that is at work would go on until it is done.
 */
final class OrphanGuard {
  private OrphanGuard() {}

  /** Waits for a process to end, guarded meanwhile; returns its exit code. */
  static int waitFor(Process process) throws IOException, InterruptedException {
    // Reads from a pipe that only we hold open, and so reads on when we are gone
    Process guard =
        new ProcessBuilder("/bin/sh", "-c", "read -r line; kill -9 " + process.pid())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      return process.waitFor();
    } finally {
      guard.destroyForcibly();
    }
  }
}
