package io.pigeonhole.trainer.cli;

import io.pigeonhole.model.ModelVersion;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Entry point: {@code java -jar trainer.jar <command> …}. */
@Command(
    name = "trainer",
    description = {
      "Trains an image classifier, measures it, and puts it into service.",
      "",
      "A models bucket is a folder or an s3:// address. It keeps every version of a model, and a"
          + " pointer to the one in service, which the functions follow."
    },
    subcommands = {
      TrainCommand.class,
      EvaluateCommand.class,
      PredictCommand.class,
      PublishCommand.class,
      PublishBaseCommand.class,
      PromoteCommand.class,
      VersionsCommand.class,
      RecipesCommand.class,
      BasesCommand.class,
      CommandLine.HelpCommand.class
    },
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = TrainerVersion.class,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:it failed; one line on the error output says why, a stack trace with --verbose",
      "2:the command line is wrong",
      "3:the version is published but not in service: it is worse, or somebody else was quicker"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  trainer train --out models",
      "  trainer train --data cifar-10-binary.tar.gz --out s3://my-models",
      "  trainer predict models cat.jpg",
      "  trainer versions s3://my-models",
      "  trainer help train"
    })
public final class Trainer implements Runnable {

  static final int NOT_PROMOTED = 3;

  private static final int USAGE_WIDTH = 100;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Say what to do: a COMMAND");
  }

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(
        execute(
            new PrintWriter(System.out, true, StandardCharsets.UTF_8),
            new PrintWriter(System.err, true, StandardCharsets.UTF_8),
            args));
  }

  /**
   * Runs a command.
   *
   * @return the exit code
   */
  static int execute(PrintWriter out, PrintWriter err, String... args) {
    return OneLineErrors.execute(
        new CommandLine(new Trainer())
            .setOut(out)
            .setErr(err)
            .setUsageHelpWidth(USAGE_WIDTH)
            .registerConverter(ModelVersion.class, Trainer::version)
            .setCaseInsensitiveEnumValuesAllowed(true),
        args);
  }

  private static ModelVersion version(String text) {
    try {
      return new ModelVersion(text);
    } catch (IllegalArgumentException e) {
      throw new CommandLine.TypeConversionException(e.getMessage());
    }
  }
}
