package io.pigeonhole.command;

/** How a command ends. */
public final class ExitCode {
  /** All is done. */
  public static final int DONE = 0;

  /** It failed, or a part of it did. */
  public static final int FAILED = 1;

  /** The command line is wrong, and nothing is done. */
  public static final int WRONG_USE = 2;

  /** The version is there, but not in service. */
  public static final int NOT_PROMOTED = 3;

  private ExitCode() {}
}
