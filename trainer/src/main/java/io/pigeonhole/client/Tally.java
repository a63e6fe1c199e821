package io.pigeonhole.client;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.TimeUnit;

/**
 * How many files are dealt with: the last line of a terminal, written over again and again. Where
 * the error output is no terminal, nothing is written.
 */
final class Tally implements AutoCloseable {
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
  static Tally of(PrintWriter err, int total) throws InterruptedException {
    return new Tally(err, total, total > 1 && isTerminal());
  }

  /** Java knows of a terminal only if all three streams are it; this is asked of the system. */
  private static boolean isTerminal() throws InterruptedException {
    try {
      Process test =
          new ProcessBuilder("test", "-t", "2")
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      return test.waitFor(1, TimeUnit.SECONDS) && test.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * One more.
   *
   * @param print writes what came of it, a whole line
   */
  void count(boolean labeled, Runnable print) {
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
