package io.pigeonhole.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What all commands have. */
@Command(sortOptions = false, mixinStandardHelpOptions = true)
abstract class ClientCommand implements Callable<Integer> {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Option(names = "--json", description = "Print a JSON object for each image, one a line.")
  private boolean json;

  boolean json() {
    return json;
  }

  CommandLine.Model.CommandSpec spec() {
    return spec;
  }

  PrintWriter out() {
    return spec.commandLine().getOut();
  }

  PrintWriter err() {
    return spec.commandLine().getErr();
  }

  /** Prints what is known of an image: its name, its label, how sure that is. */
  void print(String name, JsonNode result) {
    if (json) {
      out().println(result);
      return;
    }
    String error = result.at("/error/code").asText();
    out()
        .println(
            error.isEmpty()
                ? "%s\t%s\t%.2f%s"
                    .formatted(
                        printable(name),
                        result.path("label").asText(),
                        result.path("confidence").asDouble(),
                        result.path("review").asBoolean() ? "\treview" : "")
                : "%s\t(%s)".formatted(printable(name), error));
  }

  /** Names come from others: what a terminal would obey is not printed. */
  static String printable(String name) {
    return name.replaceAll("[\\p{Cntrl}\\p{Cf}]", "?");
  }
}
