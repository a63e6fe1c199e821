package io.pigeonhole.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pigeonhole.trainer.cli.OneLineErrors;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
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
      "Labels image files: by the API, or with --model by a model in a folder.",
      "",
      "A line for each, in their order: the file, its label, the confidence, and where a person should"
          + " look 'review: unsure', or 'review: unknown' if the image is unlike anything that the"
          + " model learned. A file that is no image costs no other.",
      "",
      "Files of more than 4.5 MB are too large for a request to the API: they are uploaded to the"
          + " images bucket, labeled there, and stay there."
    })
final class LabelCommand extends ClientCommand {
  private static final int AT_A_TIME = 4;

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "Images of any size.")
  private List<Path> files;

  @Option(
      names = "--model",
      paramLabel = "FOLDER",
      description = "A models bucket as a folder, or the folder of one version; no API is asked.")
  private Optional<Path> model;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      defaultValue = "cifar10",
      description = "Name of the model in a models bucket (default: ${DEFAULT-VALUE}).")
  private String name;

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
      return all ? 0 : OneLineErrors.FAILED;
    } finally {
      threads.shutdownNow();
    }
  }

  private Labeler labeler() throws Exception {
    return model.isPresent()
        ? LocalModel.load(model.get(), name)
        : new ApiLabeler(api, Duration.ofSeconds(wait));
  }

  private boolean printed(Asked asked, Tally tally) throws InterruptedException {
    String file = asked.file().toString();
    try {
      ObjectNode result = Api.JSON.createObjectNode().put("file", file);
      result.setAll((ObjectNode) asked.answer().get());
      tally.count(true, () -> print(file, result));
      return true;
    } catch (ExecutionException e) {
      String why = String.valueOf(e.getCause().getMessage());
      tally.count(false, () -> printProblem(file, why));
      return false;
    }
  }

  private void printProblem(String file, String why) {
    if (json()) {
      out().println(Api.JSON.createObjectNode().put("file", file).put("problem", why));
    } else {
      err().printf("pigeonhole: %s: %s%n", printable(file), printable(why));
    }
  }
}
