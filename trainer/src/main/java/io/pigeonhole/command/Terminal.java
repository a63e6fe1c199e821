package io.pigeonhole.command;

import java.io.Console;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Help.Ansi;

/** What there is to look at, and what may be written to it. */
public final class Terminal {
  private static final String ERROR_OUTPUT = "2";

  private Terminal() {}

  /** Whether somebody looks at the output and can type. */
  @SuppressWarnings("SystemConsoleNull")
  public static boolean isInteractive() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      // up to Java 21 there is a console only on a terminal; later ones have to be asked
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException before22) {
      return true;
    }
  }

  /**
   * Whether the error output is a terminal. Java knows of one only if all three streams are it;
   * this is asked of the system.
   */
  public static boolean hasErrorOutput() {
    try {
      Process test =
          new ProcessBuilder("test", "-t", ERROR_OUTPUT)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      return test.waitFor(1, TimeUnit.SECONDS) && test.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Colours for errors, unless nobody sees them or {@code NO_COLOR} is set. */
  static Ansi errorColors() {
    return Ansi.AUTO.enabled() && hasErrorOutput() ? Ansi.ON : Ansi.OFF;
  }

  /** Names come from others: what a terminal would obey is not printed. */
  public static String printable(String name) {
    return name.replaceAll("[\\p{Cntrl}\\p{Cf}]", "?");
  }
}
