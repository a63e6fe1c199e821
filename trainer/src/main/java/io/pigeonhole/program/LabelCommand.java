package io.pigeonhole.program;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pigeonhole.client.Api;
import io.pigeonhole.client.ApiLabeler;
import io.pigeonhole.client.ClientCommand;
import io.pigeonhole.client.Labeler;
import io.pigeonhole.client.LocalFile;
import io.pigeonhole.command.ExitCode;
import io.pigeonhole.command.Json;
import io.pigeonhole.command.Tally;
import io.pigeonhole.command.Terminal;
import io.pigeonhole.trainer.cli.ModelOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pigeonhole label}. */
@Command(
    name = "label",
    description = {
      "Labels image files: by the API, or with --model by a model that is asked here.",
      "",
      "A line for each, in their order: the file, its label, the confidence, and where a person should"
          + " look 'review: unsure', or 'review: unknown' if the image is unlike anything that the"
          + " model learned. A file that is no image costs no other.",
      "",
      "Files of more than 4.5 MB are too large for a request to the API: they are uploaded to the"
          + " images bucket, labeled there, and stay there."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  pigeonhole label *.jpg",
      "  pigeonhole label --model models --json photos > labels.jsonl",
      "  pigeonhole label --model s3://my-models --top 3 cat.jpg"
    })
final class LabelCommand extends ClientCommand {
  private static final int AT_A_TIME = 4;
  private static final int TOP = 5;

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = {
        "Images of any size, or folders: of a folder, every file in it, at any depth, but for files and"
            + " folders whose names begin with a dot."
      })
  private List<Path> named;

  @Option(
      names = "--model",
      paramLabel = "PLACE",
      description = {
        "A models bucket (a folder or s3://bucket[/prefix]), whose model in service is taken, or the"
            + " folder of one version; no API is asked."
      })
  private Optional<String> model;

  @Mixin private ModelOptions options;

  @Option(
      names = "--top",
      paramLabel = "N",
      description = {
        "How many predictions an answer has (with --json, and then "
            + TOP
            + " if it is not said), or to print after each label."
      })
  private Optional<Integer> top;

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description =
          "For the label of an image that was uploaded, at most (default: ${DEFAULT-VALUE}).")
  private int wait;

  @Mixin private Api api;

  private record Asked(Path file, Future<JsonNode> answer) {}

  @Override
  public Integer call() throws Exception {
    if (top.isPresent() && top.get() < 1) {
      throw wrong("--top is %d; expected 1 or more".formatted(top.get()));
    }
    if (model.isEmpty() && options.areGiven()) {
      throw wrong("--name, --model-version and --s3-path-style are for a --model");
    }
    List<Path> files = ImageFiles.of(named);
    ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME);
    try (Labeler labeler = labeler();
        Tally tally = Tally.of(err(), files.size())) {
      Deque<Asked> asked = new ArrayDeque<>();
      boolean all = true;
      for (Path file : files) {
        asked.add(new Asked(file, threads.submit(() -> labeler.label(new LocalFile(file)))));
        // only so many files in memory
        if (asked.size() > 2 * AT_A_TIME) {
          all &= printed(asked.remove(), tally);
        }
      }
      for (Asked last : asked) {
        all &= printed(last, tally);
      }
      return all ? ExitCode.DONE : ExitCode.FAILED;
    } finally {
      threads.shutdownNow();
    }
  }

  private Labeler labeler() throws Exception {
    return model.isPresent()
        ? new LocalModel(options.load(model.get()), top.orElse(TOP))
        : new ApiLabeler(
            api, Duration.ofSeconds(wait), top.map(OptionalInt::of).orElseGet(OptionalInt::empty));
  }

  private boolean printed(Asked asked, Tally tally) throws InterruptedException {
    String file = asked.file().toString();
    try {
      ObjectNode result = Json.MAPPER.createObjectNode().put("file", file);
      result.setAll((ObjectNode) asked.answer().get());
      tally.count(true, () -> printAnswer(file, result));
      return true;
    } catch (ExecutionException e) {
      String why = String.valueOf(e.getCause().getMessage());
      tally.count(false, () -> printProblem(file, why));
      return false;
    }
  }

  private void printAnswer(String file, JsonNode result) {
    if (json() || top.isEmpty()) {
      print(file, result);
      return;
    }
    StringBuilder line = new StringBuilder(inWords(file, result));
    for (JsonNode prediction : result.path("predictions")) {
      line.append(
          "\t%s %.3f"
              .formatted(
                  prediction.path("label").asText(), prediction.path("confidence").asDouble()));
    }
    out().println(line);
  }

  private void printProblem(String file, String why) {
    if (json()) {
      out().println(Json.MAPPER.createObjectNode().put("file", file).put("problem", why));
    } else {
      warn("%s: %s".formatted(Terminal.printable(file), Terminal.printable(why)));
    }
  }
}
