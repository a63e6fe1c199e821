package io.pigeonhole.label;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.pigeonhole.metrics.Stopwatch;
import io.pigeonhole.metrics.WrittenMetrics;
import io.pigeonhole.model.Classification;
import io.pigeonhole.model.Prediction;
import io.pigeonhole.model.ReviewReason;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LabelReportTest {
  private final Map<ImageEvent, Outcome> outcomes = new HashMap<>();
  @AutoClose private WrittenMetrics written;
  private LabelReport report;

  @BeforeEach
  void start(@TempDir Path bucket) {
    written = new WrittenMetrics(bucket);
    report = new LabelReport(written.of(new Stopwatch()));
  }

  /** What is written of images that events told of, and of others. */
  static List<Consumer<LabelReportTest>> writes() {
    return List.of(
        test -> test.report.write(List.of(), test.outcomes, "request 1"),
        test -> test.report.write(test.outcomes.values(), "request 1"));
  }

  @ParameterizedTest
  @MethodSource("writes")
  void countsUnknownImagesAmongThoseForReview(Consumer<LabelReportTest> write) throws Exception {
    labeled("known 1", Optional.empty());
    labeled("known 2", Optional.empty());
    labeled("unsure", Optional.of(ReviewReason.UNSURE));
    labeled("unknown 1", Optional.of(ReviewReason.UNKNOWN));
    labeled("unknown 2", Optional.of(ReviewReason.UNKNOWN));
    write.accept(this);
    JsonNode line = written.line();
    assertThat(line.path("BatchSize").asInt()).isEqualTo(5);
    assertThat(line.path("Labeled").asInt()).isEqualTo(5);
    assertThat(line.path("Review").asInt()).isEqualTo(3);
    assertThat(line.path("Unknown").asInt()).isEqualTo(2);
  }

  private void labeled(String key, Optional<ReviewReason> reason) {
    outcomes.put(
        new ImageEvent("images", key, ""),
        new Outcome.Done(
            new Result.Labeled(
                new ObjectVersion("images", key, "", "e1", ""),
                new Classification(
                    List.of(new Prediction("cat", 0.75f)), reason, Optional.of(0.5f)),
                new Result.ModelId("cifar10", "20260101T000000Z-00000001"),
                Instant.EPOCH,
                List.of())));
  }
}
