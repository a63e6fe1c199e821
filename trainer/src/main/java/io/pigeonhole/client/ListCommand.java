package io.pigeonhole.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.pigeonhole.command.ExitCode;
import io.pigeonhole.command.Terminal;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code pigeonhole ls}. */
@Command(
    name = "ls",
    description = "Lists the images of a pigeonhole; without a LABEL, the pigeonholes.")
public final class ListCommand extends ClientCommand {
  @Parameters(arity = "0..1", paramLabel = "LABEL", description = "Of the images to list.")
  private Optional<String> label;

  @Mixin private Api api;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (label.isPresent()) {
      new Pages(api, "/labels/" + Api.encoded(label.get()), "images")
          .forEach(image -> print(image.path("key").asText(), image));
    } else {
      new Pages(api, "/labels", "labels").forEach(this::printCount);
    }
    return ExitCode.DONE;
  }

  private void printCount(JsonNode counted) {
    out()
        .println(
            json()
                ? counted.toString()
                : "%s\t%d%s"
                    .formatted(
                        Terminal.printable(counted.path("label").asText()),
                        counted.path("count").asInt(),
                        counted.path("more").asBoolean() ? "+" : ""));
  }
}
