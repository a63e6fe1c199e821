package io.pigeonhole.client;

import io.pigeonhole.trainer.cli.OneLineErrors;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Entry point: {@code java -cp trainer.jar io.pigeonhole.client.Pigeonhole <command> …}. */
@Command(
    name = "pigeonhole",
    description = "Labels images, and looks into the pigeonholes.",
    subcommands = {
      LabelCommand.class,
      ListCommand.class,
      ReviewCommand.class,
      CorrectCommand.class,
      BackfillCommand.class,
      AutoComplete.GenerateCompletion.class,
      CommandLine.HelpCommand.class
    },
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:something failed; the error output says what, the rest is done",
      "2:the command line is wrong"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  pigeonhole label *.jpg",
      "  pigeonhole label --model models --json photos/*.png > labels.jsonl",
      "  pigeonhole ls cat",
      "  pigeonhole review --json | jq -r .key",
      "  pigeonhole correct photos/1.jpg dog",
      "  source <(pigeonhole generate-completion)"
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
        new CommandLine(new Pigeonhole()).setOut(out).setErr(err).setUsageHelpWidth(USAGE_WIDTH),
        args);
  }
}
