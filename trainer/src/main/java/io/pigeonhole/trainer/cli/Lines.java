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
  public void step(long done, long total, String state, double seconds, double left) {
    if (seconds >= next) {
      next = seconds + EVERY_SECONDS;
      out.printf("%s  step %d/%d  %.0f s left%n", state, done, total, left);
      out.flush();
    }
  }

  @Override
  public void line(String text) {
    out.println(text);
    out.flush();
  }

  @Override
  public void close() {}
}
