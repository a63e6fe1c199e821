package io.pigeonhole.client;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code pigeonhole backfill}. */
@Command(
    name = "backfill",
    description = {
      "Labels the images of a prefix that were in the bucket before.",
      "",
      "This is for the product on one machine (mvn -Plocal), which runs the job as S3 Batch"
          + " Operations would; on AWS, make such a job: infra/README.md says how."
    })
final class BackfillCommand extends ClientCommand {
  private static final String DONE = "done: ";

  @Parameters(paramLabel = "PREFIX", description = "Of the images' keys; '' for all.")
  private String prefix;

  @Mixin private Api api;

  @Override
  public Integer call() throws IOException, InterruptedException {
    AtomicReference<String> last = new AtomicReference<>("");
    api.lines(
        "/local/backfill?prefix=" + Api.encoded(prefix),
        line -> {
          last.set(line);
          out()
              .println(
                  json() ? Api.JSON.createObjectNode().put("progress", line).toString() : line);
        });
    return last.get().startsWith(DONE) ? 0 : Pigeonhole.FAILED;
  }
}
