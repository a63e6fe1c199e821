package io.pigeonhole.client;

import io.pigeonhole.command.ExitCode;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code pigeonhole review}. */
@Command(
    name = "review",
    description = {
      "Lists the images that wait for a person, each with the label suggested, and whether the model"
          + " is unsure or the image is unknown."
    })
public final class ReviewCommand extends ClientCommand {
  @Mixin private Api api;

  @Override
  public Integer call() throws IOException, InterruptedException {
    new Pages(api, "/review", "images").forEach(image -> print(image.path("key").asText(), image));
    return ExitCode.DONE;
  }
}
