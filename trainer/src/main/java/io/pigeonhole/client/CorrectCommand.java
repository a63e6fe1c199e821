package io.pigeonhole.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code pigeonhole correct}. */
@Command(name = "correct", description = "Says what an image is: newer models do not overrule it.")
final class CorrectCommand extends ClientCommand {
  @Parameters(index = "0", paramLabel = "KEY", description = "Of the image in the bucket.")
  private String key;

  @Parameters(index = "1", paramLabel = "LABEL", description = "What it is.")
  private String label;

  @Mixin private Api api;

  @Override
  public Integer call() throws IOException, InterruptedException {
    JsonNode result =
        api.put(
            "/images/" + Api.encoded(key) + "/label",
            Api.JSON.createObjectNode().put("label", label));
    print(key, result);
    return 0;
  }
}
