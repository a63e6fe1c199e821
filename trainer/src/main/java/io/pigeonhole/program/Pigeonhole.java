package io.pigeonhole.program;

import io.pigeonhole.client.BackfillCommand;
import io.pigeonhole.client.CorrectCommand;
import io.pigeonhole.client.ListCommand;
import io.pigeonhole.client.ReviewCommand;
import io.pigeonhole.command.Errors;
import io.pigeonhole.command.ExitCode;
import io.pigeonhole.model.ModelVersion;
import io.pigeonhole.trainer.cli.BasesCommand;
import io.pigeonhole.trainer.cli.EvaluateCommand;
import io.pigeonhole.trainer.cli.PublishBaseCommand;
import io.pigeonhole.trainer.cli.PublishCommand;
import io.pigeonhole.trainer.cli.RecipesCommand;
import io.pigeonhole.trainer.cli.TrainCommand;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program, started by the script {@code pigeonhole} beside the jar. */
@Command(
    name = "pigeonhole",
    description = {
      "Labels images, looks into the pigeonholes, and makes the models that label.",
      "",
      "A models bucket is a folder or an s3:// address. It keeps every version of a model, and a"
          + " pointer to the one in service, which the functions follow."
    },
    subcommands = {
      ServeCommand.class,
      LabelCommand.class,
      ListCommand.class,
      ReviewCommand.class,
      CorrectCommand.class,
      BackfillCommand.class,
      TrainCommand.class,
      EvaluateCommand.class,
      ModelsCommand.class,
      PromoteCommand.class,
      PublishCommand.class,
      PublishBaseCommand.class,
      RecipesCommand.class,
      BasesCommand.class,
      AutoComplete.GenerateCompletion.class,
      CommandLine.HelpCommand.class
    },
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = ProgramVersion.class,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      ExitCode.DONE + ":done",
      ExitCode.FAILED
          + ":something failed; the error output says what in a line, a stack trace with"
          + " --verbose; the rest is done",
      ExitCode.WRONG_USE + ":the command line is wrong",
      ExitCode.NOT_PROMOTED
          + ":the version is published but not in service: it is worse, or somebody else was"
          + " quicker"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  pigeonhole label *.jpg",
      "  pigeonhole label --model models --json photos > labels.jsonl",
      "  pigeonhole ls cat",
      "  pigeonhole review --json | jq -r .key",
      "  pigeonhole train --data photos --name photos --out models --base mobilenet-v2",
      "  pigeonhole models s3://my-models",
      "  pigeonhole help train"
    })
public final class Pigeonhole implements Runnable {
  private static final int USAGE_WIDTH = 100;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Say what to do: a COMMAND");
  }

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(execute(standardOutput(), errorOutput(), args));
  }

  static PrintWriter standardOutput() {
    return new PrintWriter(System.out, true, StandardCharsets.UTF_8);
  }

  static PrintWriter errorOutput() {
    return new PrintWriter(System.err, true, StandardCharsets.UTF_8);
  }

  /**
   * Runs a command.
   *
   * @return the {@link ExitCode}
   */
  public static int execute(PrintWriter out, PrintWriter err, String... args) {
    return Errors.execute(commands().setOut(out).setErr(err), args);
  }

  static CommandLine commands() {
    return new CommandLine(new Pigeonhole())
        .setUsageHelpWidth(USAGE_WIDTH)
        .registerConverter(ModelVersion.class, Pigeonhole::version)
        .setCaseInsensitiveEnumValuesAllowed(true);
  }

  private static ModelVersion version(String text) {
    try {
      return new ModelVersion(text);
    } catch (IllegalArgumentException e) {
      throw new CommandLine.TypeConversionException(e.getMessage());
    }
  }
}
