package io.pigeonhole.command;

import java.io.PrintWriter;

/**
 * How many files are dealt with: the last line of a terminal, written over again and again. Where
 * the error output is no terminal, nothing is written.
 */
public final class Tally implements AutoCloseable {
  private static final String CLEAR = "\r\u001b[K";
  private static final int WIDTH = 20;

  private final PrintWriter err;
  private final int total;
  private final boolean shown;
  private int done;
  private int failed;

  /**
   * Nothing is done yet.
   *
   * @param shown whether to write anything
   */
  Tally(PrintWriter err, int total, boolean shown) {
    this.err = err;
    this.total = total;
    this.shown = shown;
    show();
  }

  /** For a terminal, if the error output is one, and there is something to wait for. */
  public static Tally of(PrintWriter err, int total) {
    return new Tally(err, total, total > 1 && Terminal.hasErrorOutput());
  }

  /**
   * One more.
   *
   * @param print writes what came of it, a whole line
   */
  public void count(boolean labeled, Runnable print) {
    clear();
    print.run();
    done++;
    failed += labeled ? 0 : 1;
    show();
  }

  private void show() {
    if (shown) {
      int full = (int) ((long) WIDTH * done / total);
      String bar = "#".repeat(full) + ".".repeat(WIDTH - full);
      String without = failed == 0 ? "" : ", %d without a label".formatted(failed);
      err.printf("%s[%s] %d of %d%s", CLEAR, bar, done, total, without);
      err.flush();
    }
  }

  private void clear() {
    if (shown) {
      err.print(CLEAR);
      err.flush();
    }
  }

  /** Leaves nothing of it on the terminal. */
  @Override
  public void close() {
    clear();
  }
}
