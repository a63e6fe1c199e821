package io.pigeonhole.command;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What all commands have. */
@Command(sortOptions = false)
public abstract class ProgramCommand implements Callable<Integer> {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Option(names = "--verbose", description = "Print stack traces of errors.")
  private boolean verbose;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Print this help.")
  @SuppressWarnings("UnusedVariable") // picocli looks at it
  private boolean help;

  boolean verbose() {
    return verbose;
  }

  /** Where results go. */
  protected PrintWriter out() {
    return spec.commandLine().getOut();
  }

  /** Where everything else goes. */
  protected PrintWriter err() {
    return spec.commandLine().getErr();
  }

  /** What picocli knows of the command. */
  protected CommandLine.Model.CommandSpec spec() {
    return spec;
  }

  /** Says what does not end the command, and goes on. */
  protected void warn(String text) {
    Errors.say(err(), text);
  }

  /** What to throw if the command line is wrong. */
  protected CommandLine.ParameterException wrong(String message) {
    return new CommandLine.ParameterException(spec.commandLine(), message);
  }
}
