package io.pigeonhole.trainer.cli;

import java.io.PrintWriter;

/** Progress for a log: a line every ten seconds, and one an epoch. */
final class Lines implements Progress.Display {

  private static final double EVERY_SECONDS = 10;

  private final PrintWriter out;
  private double next = EVERY_SECONDS;

  Lines(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void step(long done, long total, String state, double seconds) {
    if (seconds >= next) {
      next = seconds + EVERY_SECONDS;
      double left = seconds / done * (total - done);
      out.printf("%s  step %d/%d  %.0f s left%n", state, done, total, left);
      out.flush();
    }
  }

  @Override
  public void epoch(String state) {
    out.println(state);
    out.flush();
  }

  @Override
  public void close() {}
}
