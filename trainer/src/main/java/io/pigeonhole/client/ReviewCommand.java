package io.pigeonhole.client;

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
final class ReviewCommand extends ClientCommand {
  @Mixin private Api api;

  @Override
  public Integer call() throws IOException, InterruptedException {
    new Pages(api, "/review", "images").forEach(image -> print(image.path("key").asText(), image));
    return 0;
  }
}
