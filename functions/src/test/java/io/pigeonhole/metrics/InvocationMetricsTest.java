package io.pigeonhole.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.pigeonhole.inference.ModelInService;
import io.pigeonhole.inference.TensorFlowEngine;
import io.pigeonhole.model.FolderModelStore;
import io.pigeonhole.model.ModelRepository;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InvocationMetricsTest {
  private final PrintStream standardOutput = System.out;
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final Stopwatch stopwatch = new Stopwatch();
  @TempDir private Path bucket;
  private ModelInService models;
  private InvocationMetrics metrics;

  @BeforeEach
  void start() {
    System.setOut(new PrintStream(written, true, UTF_8));
    models =
        new ModelInService(
            new ModelRepository(new FolderModelStore(bucket), "cifar10"),
            new TensorFlowEngine(),
            Duration.ZERO);
    metrics =
        new InvocationMetrics("Pigeonhole/photos", "label", models, stopwatch, Clock.systemUTC());
  }

  @AfterEach
  void stop() {
    System.setOut(standardOutput);
    models.close();
  }

  @Test
  void writesALineThatCloudWatchReads() throws Exception {
    stopwatch.add(Stage.FORWARD, 4, 8_000_000);
    metrics.write(Map.of("Labeled", 3, "Error-corrupt", 1), "request 1");
    JsonNode line = line();
    assertThat(line.at("/_aws/CloudWatchMetrics/0/Namespace").asText())
        .isEqualTo("Pigeonhole/photos");
    assertThat(line.at("/_aws/CloudWatchMetrics/0/Metrics").findValuesAsText("Name"))
        .contains("Labeled", "Error-corrupt", "ForwardMillis", "ColdStart", "ModelRefused")
        .doesNotContain("DecodeMillis", "ModelAge");
    assertThat(line.path("Service").asText()).isEqualTo("label");
    assertThat(line.path("Labeled").asInt()).isEqualTo(3);
    assertThat(line.path("ForwardMillis").asDouble()).isEqualTo(2);
    assertThat(line.path("ColdStart").asInt()).isEqualTo(1);
    assertThat(line.toString()).contains("request 1");
  }

  @Test
  void tellsOfEachInvocationOnlyWhatItDid() throws Exception {
    stopwatch.add(Stage.DECODE, 1, 5_000_000);
    metrics.write(Map.of("Labeled", 1), "request 1");
    written.reset();
    metrics.write(Map.of("Review", 1), "request 2");
    JsonNode line = line();
    assertThat(line.has("Labeled")).isFalse();
    assertThat(line.has("DecodeMillis")).isFalse();
    assertThat(line.path("ColdStart").asInt()).isZero();
    assertThat(line.toString()).contains("request 2").doesNotContain("request 1");
  }

  private JsonNode line() throws Exception {
    assertThat(written.toString(UTF_8).lines()).hasSize(1);
    return JsonMapper.builder().build().readTree(written.toByteArray());
  }
}
