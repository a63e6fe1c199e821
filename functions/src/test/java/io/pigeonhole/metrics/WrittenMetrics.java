package io.pigeonhole.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.pigeonhole.inference.ModelInService;
import io.pigeonhole.inference.TensorFlowEngine;
import io.pigeonhole.model.FolderModelStore;
import io.pigeonhole.model.ModelRepository;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

/** What metrics write to standard output, of the function {@code label} that has no model yet. */
public final class WrittenMetrics implements AutoCloseable {
  private final PrintStream standardOutput = System.out;
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final ModelInService models;

  /**
   * Takes standard output.
   *
   * @param bucket an empty folder
   */
  public WrittenMetrics(Path bucket) {
    System.setOut(new PrintStream(written, true, UTF_8));
    models =
        new ModelInService(
            new ModelRepository(new FolderModelStore(bucket), "cifar10"),
            new TensorFlowEngine(),
            Duration.ZERO,
            true);
  }

  public InvocationMetrics of(Stopwatch stopwatch) {
    return new InvocationMetrics(
        "Pigeonhole/photos", "label", models, stopwatch, Clock.systemUTC());
  }

  /** The one line of metrics since the last one. */
  public JsonNode line() throws IOException {
    String[] lines =
        written.toString(UTF_8).lines().filter(l -> l.contains("_aws")).toArray(String[]::new);
    if (lines.length != 1) {
      throw new AssertionError("a line of metrics was expected, found: " + written.toString(UTF_8));
    }
    written.reset();
    return JsonMapper.builder().build().readTree(lines[0]);
  }

  @Override
  public void close() {
    System.setOut(standardOutput);
    models.close();
  }
}
