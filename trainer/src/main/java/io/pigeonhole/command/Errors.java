package io.pigeonhole.command;

import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import picocli.CommandLine;

/** Says in one line what went wrong: the program, a colon, and the error. */
public final class Errors
    implements CommandLine.IExecutionExceptionHandler, CommandLine.IParameterExceptionHandler {
  private static final String PROGRAM = "pigeonhole";

  private Errors() {}

  /**
   * Runs a command.
   *
   * @return the {@link ExitCode}
   */
  public static int execute(CommandLine commandLine, String... args) {
    Errors errors = new Errors();
    commandLine
        .setExecutionExceptionHandler(errors)
        .setParameterExceptionHandler(errors)
        .setExitCodeExceptionMapper(
            e ->
                e instanceof CommandLine.ParameterException ? ExitCode.WRONG_USE : ExitCode.FAILED);
    try {
      return commandLine.execute(args);
    } catch (OutOfMemoryError e) { // of many images, mostly: there is room for a line again
      say(
          commandLine.getErr(),
          "out of memory (%s); JAVA_OPTS=-Xmx… allows more".formatted(e.getMessage()));
      return ExitCode.FAILED;
    }
  }

  @Override
  public int handleExecutionException(
      Exception e, CommandLine commandLine, CommandLine.ParseResult parsed) throws Exception {
    if (e instanceof CommandLine.ParameterException wrong) {
      throw wrong;
    }
    say(commandLine.getErr(), message(e));
    if (commandLine.getCommand() instanceof ProgramCommand command && command.verbose()) {
      e.printStackTrace(commandLine.getErr());
    }
    commandLine.getErr().flush();
    return ExitCode.FAILED;
  }

  @Override
  public int handleParseException(CommandLine.ParameterException e, String[] args) {
    CommandLine commandLine = e.getCommandLine();
    if (e instanceof MistakesException mistakes) {
      mistakes.lines().forEach(each -> say(commandLine.getErr(), each));
      return ExitCode.WRONG_USE;
    }
    say(commandLine.getErr(), message(e));
    commandLine
        .getErr()
        .printf("'%s --help' explains%n", commandLine.getCommandSpec().qualifiedName());
    return ExitCode.WRONG_USE;
  }

  /** Prints a line of the program's, in which nothing is left that a terminal would obey. */
  public static void say(PrintWriter err, String text) {
    String name = Terminal.errorColors().string("@|bold,red " + PROGRAM + ":|@");
    err.println(name + " " + text.replaceAll("\\p{Cntrl}", "?"));
    err.flush();
  }

  /** What went wrong, in one line. */
  public static String message(Throwable e) {
    String text =
        Optional.ofNullable(e.getMessage())
            .flatMap(message -> message.lines().filter(line -> !line.isBlank()).findFirst())
            .orElse(e.getClass().getSimpleName());
    if (e instanceof NoSuchFileException missing && missing.getReason() == null) {
      return "no such file or folder: " + missing.getFile();
    }
    if (e instanceof AccessDeniedException) {
      return "no permission: " + text;
    }
    if (e instanceof FileSystemException file && file.getReason() == null) {
      return file.getClass().getSimpleName() + ": " + text;
    }
    return text;
  }
}
