package io.pigeonhole.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.pigeonhole.command.Json;
import io.pigeonhole.command.ProgramCommand;
import io.pigeonhole.command.Terminal;
import io.pigeonhole.model.ReviewReason;
import picocli.CommandLine.Mixin;

/** What all commands have that tell of images. */
public abstract class ClientCommand extends ProgramCommand {
  @Mixin private Json json;

  /** Whether the output is for programs. */
  protected boolean json() {
    return json.isWanted();
  }

  /** Prints what is known of an image: its name, its label, how sure that is. */
  protected void print(String name, JsonNode result) {
    out().println(json() ? result.toString() : inWords(name, result));
  }

  /** A line for people. */
  protected static String inWords(String name, JsonNode result) {
    String printable = Terminal.printable(name);
    String error = result.at("/error/code").asText();
    if (!error.isEmpty()) {
      return "%s\t(%s)".formatted(printable, error);
    }
    if (result.at("/correction/none").asBoolean()) {
      return "%s\t(none of the labels)".formatted(printable);
    }
    return "%s\t%s\t%.2f%s"
        .formatted(
            printable,
            result.path("label").asText(),
            result.path("confidence").asDouble(),
            review(result));
  }

  /** Results of before there were reasons are for review because the model is unsure. */
  private static String review(JsonNode result) {
    return result.path("review").asBoolean()
        ? "\treview: "
            + Terminal.printable(result.path("reason").asText(ReviewReason.UNSURE.code()))
        : "";
  }
}
