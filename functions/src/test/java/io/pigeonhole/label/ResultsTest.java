package io.pigeonhole.label;

import static org.assertj.core.api.Assertions.assertThat;

import io.pigeonhole.label.Results.Stored;
import io.pigeonhole.model.Classification;
import io.pigeonhole.model.Prediction;
import io.pigeonhole.testkit.S3Stub;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class ResultsTest {
  private static final String KEY = "a.jpg";

  @AutoClose private final S3Stub s3 = new S3Stub();
  private final Results results = new Results(s3.client(), "results");

  @Test
  void withoutASequencerTakesThePlaceOfWhatWasThereBeforeTheImageWasRead() {
    results.offer(labeled("old", "0A"), Stored.NOTHING);
    Stored seen = results.read(KEY);
    Stored now = results.offer(labeled("new", ""), seen);
    assertThat(now).isEqualTo(results.read(KEY));
    assertThat(now.result()).contains(labeled("new", "0A"));
    assertThat(results.offer(labeled("newest", "0B"), seen).result())
        .as("an event that comes late")
        .contains(labeled("newest", "0B"));
  }

  @Test
  void withoutASequencerLeavesWhatCameWhileTheImageWasRead() {
    results.offer(labeled("old", "0A"), Stored.NOTHING);
    Stored seen = results.read(KEY);
    results.offer(labeled("newest", "0B"), seen);
    assertThat(results.offer(labeled("new", ""), seen).result())
        .contains(labeled("newest", "0B"))
        .isEqualTo(results.read(KEY).result());
    assertThat(results.offer(labeled("new", ""), Stored.NOTHING).result())
        .contains(labeled("newest", "0B"));
  }

  private static Result labeled(String etag, String sequencer) {
    return new Result.Labeled(
        new ObjectVersion("images", KEY, "", etag, sequencer),
        new Classification(
            List.of(new Prediction("cat", 0.75f)), Optional.empty(), Optional.empty()),
        new Result.ModelId("cifar10", "20260101T000000Z-00000001"),
        Instant.parse("2026-01-15T09:30:00.123Z"),
        List.of());
  }
}
