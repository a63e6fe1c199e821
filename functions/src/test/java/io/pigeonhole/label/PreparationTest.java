package io.pigeonhole.label;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pigeonhole.config.Outputs;
import io.pigeonhole.metrics.Stopwatch;
import io.pigeonhole.model.Classification;
import io.pigeonhole.model.Prediction;
import io.pigeonhole.testkit.S3Stub;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What becomes of an image that S3 has in an archive: its headers can be read, and nothing else.
 */
class PreparationTest {
  private static final ImageEvent EVENT = new ImageEvent("images", "a.jpg", "0B");

  @AutoClose private final S3Stub s3 = new S3Stub();

  @BeforeEach
  void archive() {
    s3.archive("images", "a.jpg", "e2");
  }

  @Test
  void refusesAnArchivedImageForGood() throws Exception {
    assertThat(prepare())
        .isInstanceOfSatisfying(
            Result.Unlabeled.class,
            refused -> {
              assertThat(refused.code()).isEqualTo("archived");
              assertThat(refused.object().etag()).isEqualTo("e2");
            });
  }

  @Test
  void keepsTheLabelOfAnArchivedImageWhateverModelItIsBy() throws Exception {
    store(cat("e2"));
    assertThat(prepare())
        .isInstanceOfSatisfying(
            Result.Labeled.class,
            kept -> {
              assertThat(kept.label()).contains("cat");
              assertThat(kept.object().sequencer()).isEqualTo("0B");
            });
  }

  @Test
  void doesNotKeepTheLabelOfWhatTheImageWasBefore() throws Exception {
    store(cat("e1"));
    assertThat(prepare()).isInstanceOf(Result.Unlabeled.class);
  }

  private Result prepare() throws Exception {
    Preparation preparation =
        new Preparation(
            new Filing(s3.client(), "results", Outputs.ALL),
            new Download(s3.client(), 1000),
            new BytesInFlight(1000),
            new Stopwatch(),
            Clock.systemUTC());
    Prepared prepared =
        preparation.prepare(
            EVENT,
            new Result.ModelId("colors", "second"),
            image -> {
              throw new AssertionError("it cannot be read");
            });
    return ((Prepared.Answered) prepared).result();
  }

  private void store(Result result) {
    s3.put(
        "results", ResultLayout.result("a.jpg"), "r1", new String(ResultJson.write(result), UTF_8));
  }

  private static Result cat(String etag) {
    return new Result.Labeled(
        new ObjectVersion("images", "a.jpg", "", etag, "0A"),
        new Classification(
            List.of(new Prediction("cat", 0.75f)), Optional.empty(), Optional.empty()),
        new Result.ModelId("colors", "first"),
        Instant.parse("2026-01-15T09:30:00.123Z"),
        List.of());
  }
}
