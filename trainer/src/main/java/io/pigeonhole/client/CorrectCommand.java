package io.pigeonhole.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pigeonhole.command.ExitCode;
import io.pigeonhole.command.Json;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pigeonhole correct}. */
@Command(
    name = "correct",
    description = {
      "Says what an image is, or with --none that it shows none of what there are labels for: newer"
          + " models do not overrule it."
    })
public final class CorrectCommand extends ClientCommand {
  @Parameters(index = "0", paramLabel = "KEY", description = "Of the image in the bucket.")
  private String key;

  @Parameters(index = "1", arity = "0..1", paramLabel = "LABEL", description = "What it is.")
  private Optional<String> label;

  @Option(
      names = "--none",
      description = "No label is right, so that no training learns one from it.")
  private boolean none;

  @Mixin private Api api;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (none == label.isPresent()) {
      throw wrong("expected either a LABEL or --none");
    }
    ObjectNode said = Json.MAPPER.createObjectNode();
    label.ifPresentOrElse(text -> said.put("label", text), () -> said.put("none", true));
    print(key, api.put("/images/" + Api.encoded(key) + "/label", said));
    return ExitCode.DONE;
  }
}
