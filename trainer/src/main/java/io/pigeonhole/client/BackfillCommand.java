package io.pigeonhole.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.pigeonhole.command.ExitCode;
import io.pigeonhole.command.Json;
import io.pigeonhole.command.Terminal;
import java.io.IOException;
import java.io.UncheckedIOException;
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
      "This is for the product on one machine ('pigeonhole serve'), which runs the job as S3 Batch"
          + " Operations would; on AWS, make such a job: infra/README.md says how.",
      "",
      "With --json, each line is an object with the 'state' of the job: running, and at the end done,"
          + " ended-early or broken."
    })
public final class BackfillCommand extends ClientCommand {
  private static final String LINES = "application/x-ndjson";
  private static final String DONE = "done";

  @Parameters(paramLabel = "PREFIX", description = "Of the images' keys; '' for all.")
  private String prefix;

  @Mixin private Api api;

  @Override
  public Integer call() throws IOException, InterruptedException {
    AtomicReference<String> state = new AtomicReference<>("");
    try {
      api.lines(
          "/local/backfill?prefix=" + Api.encoded(prefix),
          LINES,
          line -> {
            JsonNode job = parsed(line);
            state.set(job.path("state").asText());
            out().println(json() ? line : inWords(job));
          });
    } catch (ApiProblem e) {
      if (e.isNotFound()) {
        throw new IOException(
            "this API runs no backfill; 'pigeonhole backfill --help' explains", e);
      }
      throw e;
    }
    return state.get().equals(DONE) ? ExitCode.DONE : ExitCode.FAILED;
  }

  private static JsonNode parsed(String line) {
    try {
      return Json.MAPPER.readTree(line);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("the API answers with what is no JSON", e);
    }
  }

  private static String inWords(JsonNode job) {
    StringBuilder words = new StringBuilder(job.path("state").asText());
    if (job.has("labeled")) {
      words.append(
          ": %d labeled, %d without a label"
              .formatted(job.path("labeled").asLong(), job.path("withoutLabel").asLong()));
    }
    if (job.has("imagesPerSecond")) {
      words.append(", %d images/s".formatted(job.path("imagesPerSecond").asLong()));
    }
    if (job.has("reason")) {
      words.append("; ").append(Terminal.printable(job.path("reason").asText()));
    }
    if (job.has("report")) {
      words.append("; the report: ").append(Terminal.printable(job.path("report").asText()));
    }
    return words.toString();
  }
}
