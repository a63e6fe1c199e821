package io.pigeonhole.program;

import io.pigeonhole.command.Errors;
import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine;

/**
 * What the program was called: {@code java -jar trainer.jar}, and {@code java -cp trainer.jar
 * io.pigeonhole.client.Pigeonhole}. Does what is asked, and says what to type instead. It goes with
 * the next release, with {@link PredictCommand} and {@code io.pigeonhole.client.Pigeonhole}.
 */
public final class OldName {
  private static final String JAR = "java -jar trainer.jar";
  private static final String CLASS = "java -cp trainer.jar io.pigeonhole.client.Pigeonhole";

  /** Commands that are called otherwise now, and what to type for them. */
  private static final Map<String, String> RENAMED =
      Map.of("predict", "label --model MODEL IMAGE…", "versions", "models");

  private OldName() {}

  /** {@code java -jar trainer.jar}. */
  public static void main(String[] args) {
    System.exit(execute(Pigeonhole.standardOutput(), Pigeonhole.errorOutput(), JAR, args));
  }

  /** {@code java -cp trainer.jar io.pigeonhole.client.Pigeonhole}. */
  public static void client(String[] args) {
    System.exit(execute(Pigeonhole.standardOutput(), Pigeonhole.errorOutput(), CLASS, args));
  }

  /**
   * Runs a command by its old name.
   *
   * @param typed what stood before it
   */
  static int execute(PrintWriter out, PrintWriter err, String typed, String... args) {
    String[] words = args.clone();
    String command = words.length > 0 ? words[0] : "--help";
    Errors.say(
        err,
        "'%s %s' is now 'pigeonhole %s', and goes with the next release"
            .formatted(typed, command, RENAMED.getOrDefault(command, command)));
    if (command.equals("versions")) {
      words[0] = "models";
    }
    CommandLine commands = Pigeonhole.commands().addSubcommand(new PredictCommand());
    return Errors.execute(commands.setOut(out).setErr(err), words);
  }
}
