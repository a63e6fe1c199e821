package io.pigeonhole.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.pigeonhole.model.ReviewReason;
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
    if (!error.isEmpty()) {
      out().println("%s\t(%s)".formatted(printable(name), error));
    } else if (result.at("/correction/none").asBoolean()) {
      out().println("%s\t(none of the labels)".formatted(printable(name)));
    } else {
      out()
          .println(
              "%s\t%s\t%.2f%s"
                  .formatted(
                      printable(name),
                      result.path("label").asText(),
                      result.path("confidence").asDouble(),
                      review(result)));
    }
  }

  /** Results of before there were reasons are for review because the model is unsure. */
  private static String review(JsonNode result) {
    return result.path("review").asBoolean()
        ? "\treview: " + printable(result.path("reason").asText(ReviewReason.UNSURE.code()))
        : "";
  }

  /** Names come from others: what a terminal would obey is not printed. */
  static String printable(String name) {
    return name.replaceAll("[\\p{Cntrl}\\p{Cf}]", "?");
  }
}
