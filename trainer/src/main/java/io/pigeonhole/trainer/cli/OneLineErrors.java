package io.pigeonhole.trainer.cli;

import io.pigeonhole.trainer.recipe.InvalidRecipeException;
import io.pigeonhole.trainer.training.StoppedException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import picocli.CommandLine;

/** Says in one line what went wrong. */
final class OneLineErrors
    implements CommandLine.IExecutionExceptionHandler, CommandLine.IParameterExceptionHandler {

  @Override
  public int handleExecutionException(
      Exception e, CommandLine commandLine, CommandLine.ParseResult parsed) throws Exception {
    if (e instanceof CommandLine.ParameterException wrong) {
      throw wrong;
    }
    if (e instanceof StoppedException) {
      return Trainer.FAILED; // told already
    }
    commandLine.getErr().println("trainer: " + message(e));
    if (commandLine.getCommand() instanceof TrainerCommand command && command.verbose()) {
      e.printStackTrace(commandLine.getErr());
    }
    commandLine.getErr().flush();
    return Trainer.FAILED;
  }

  @Override
  public int handleParseException(CommandLine.ParameterException e, String[] args) {
    CommandLine commandLine = e.getCommandLine();
    if (e.getCause() instanceof InvalidRecipeException recipe) {
      recipe.mistakes().forEach(each -> commandLine.getErr().println("trainer: " + each));
      return Trainer.WRONG_USE;
    }
    commandLine.getErr().println("trainer: " + message(e));
    commandLine
        .getErr()
        .printf("'%s --help' explains%n", commandLine.getCommandSpec().qualifiedName());
    return Trainer.WRONG_USE;
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
