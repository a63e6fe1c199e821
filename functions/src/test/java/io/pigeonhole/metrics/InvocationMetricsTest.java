package io.pigeonhole.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InvocationMetricsTest {
  private final Stopwatch stopwatch = new Stopwatch();
  @AutoClose private WrittenMetrics written;
  private InvocationMetrics metrics;

  @BeforeEach
  void start(@TempDir Path bucket) {
    written = new WrittenMetrics(bucket);
    metrics = written.of(stopwatch);
  }

  @Test
  void writesALineThatCloudWatchReads() throws Exception {
    stopwatch.add(Stage.FORWARD, 4, 8_000_000);
    metrics.write(Map.of("Labeled", 3, "Error-corrupt", 1), "request 1");
    JsonNode line = written.line();
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
    written.line();
    metrics.write(Map.of("Review", 1), "request 2");
    JsonNode line = written.line();
    assertThat(line.has("Labeled")).isFalse();
    assertThat(line.has("DecodeMillis")).isFalse();
    assertThat(line.path("ColdStart").asInt()).isZero();
    assertThat(line.toString()).contains("request 2").doesNotContain("request 1");
  }
}
