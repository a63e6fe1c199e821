package io.pigeonhole.trainer.cli;

import io.pigeonhole.trainer.recipe.InvalidRecipeException;
import io.pigeonhole.trainer.training.StoppedException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import picocli.CommandLine;

/** Says in one line what went wrong: the program, a colon, and the error. */
public final class OneLineErrors
    implements CommandLine.IExecutionExceptionHandler, CommandLine.IParameterExceptionHandler {

  /** The exit code of what has failed. */
  public static final int FAILED = 1;

  /** The exit code of a wrong command line. */
  public static final int WRONG_USE = 2;

  private OneLineErrors() {}

  /**
   * Runs a command.
   *
   * @return the exit code
   */
  public static int execute(CommandLine commandLine, String... args) {
    OneLineErrors errors = new OneLineErrors();
    commandLine
        .setExecutionExceptionHandler(errors)
        .setParameterExceptionHandler(errors)
        .setExitCodeExceptionMapper(
            e -> e instanceof CommandLine.ParameterException ? WRONG_USE : FAILED);
    try {
      return commandLine.execute(args);
    } catch (OutOfMemoryError e) { // of many images, mostly: there is room for a line again
      say(commandLine, "out of memory (%s); java -Xmx… allows more".formatted(e.getMessage()));
      return FAILED;
    }
  }

  @Override
  public int handleExecutionException(
      Exception e, CommandLine commandLine, CommandLine.ParseResult parsed) throws Exception {
    if (e instanceof CommandLine.ParameterException wrong) {
      throw wrong;
    }
    if (e instanceof StoppedException) {
      return FAILED; // told already
    }
    say(commandLine, message(e));
    if (commandLine.getCommand() instanceof TrainerCommand command && command.verbose()) {
      e.printStackTrace(commandLine.getErr());
    }
    commandLine.getErr().flush();
    return FAILED;
  }

  @Override
  public int handleParseException(CommandLine.ParameterException e, String[] args) {
    CommandLine commandLine = e.getCommandLine();
    if (e.getCause() instanceof InvalidRecipeException recipe) {
      recipe.mistakes().forEach(each -> say(commandLine, each));
      return WRONG_USE;
    }
    say(commandLine, message(e));
    commandLine
        .getErr()
        .printf("'%s --help' explains%n", commandLine.getCommandSpec().qualifiedName());
    return WRONG_USE;
  }

  private static void say(CommandLine commandLine, Object error) {
    String program = commandLine.getCommandSpec().root().name();
    // a terminal must not obey what others have named
    commandLine.getErr().println(program + ": " + error.toString().replaceAll("\\p{Cntrl}", "?"));
  }

  static String message(Throwable e) {
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
