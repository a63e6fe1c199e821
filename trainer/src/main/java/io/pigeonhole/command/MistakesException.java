package io.pigeonhole.command;

import java.util.List;
import picocli.CommandLine;

/** A wrong command line of which there is more than one thing to say. */
public final class MistakesException extends CommandLine.ParameterException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> lines;

  /**
   * Mistakes in what an option names.
   *
   * @param lines what is wrong, each by itself
   */
  public MistakesException(CommandLine commandLine, List<String> lines, Throwable cause) {
    super(commandLine, cause.getMessage(), cause);
    this.lines = List.copyOf(lines);
  }

  List<String> lines() {
    return lines;
  }
}
