package io.pigeonhole.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pigeonhole.label.Results.Stored;
import io.pigeonhole.model.Classification;
import io.pigeonhole.model.Prediction;
import io.pigeonhole.testkit.S3Stub;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class ResultsTest {
  private static final String KEY = "a.jpg";
  private static final Result.ModelId MODEL =
      new Result.ModelId("cifar10", "20260101T000000Z-00000001");
  private static final HeadStart NO_HEAD_START =
      new HeadStart(Duration.ZERO, Duration.ZERO, HeadStart.Time.SYSTEM);

  @AutoClose private final S3Stub s3 = new S3Stub();
  private final Results results = new Results(s3.client(), "results", NO_HEAD_START);

  // of the image
  private String newest = "new";

  @Test
  void withoutASequencerTakesThePlaceOfWhatWasThereBeforeTheImageWasRead() {
    offer(labeled("old", "0A"), Stored.NOTHING);
    Stored seen = results.read(KEY);
    Stored now = offer(labeled("new", ""), seen);
    assertThat(now).isEqualTo(results.read(KEY));
    assertThat(now.result()).contains(labeled("new", "0A"));
    assertThat(offer(labeled("newest", "0B"), seen).result())
        .as("an event that comes late")
        .contains(labeled("newest", "0B"));
  }

  @Test
  void withoutASequencerAndChangedSinceItWasReadIsToBeTriedAgain() {
    offer(labeled("newest", "0B"), Stored.NOTHING);
    newest = "newer";
    assertThatThrownBy(() -> offer(labeled("new", ""), Stored.NOTHING))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("changed since it was read");
    assertThat(results.read(KEY).result()).contains(labeled("newest", "0B"));
  }

  @Test
  void theSameContentIsNotLabeledAgainByAnEventThatIsNewer() {
    offer(labeled("same", "0A"), Stored.NOTHING);
    Result.Labeled again = labeled("same", "0B");
    Result later =
        new Result.Labeled(
            again.object(),
            again.classification(),
            again.model(),
            again.labeledAt().plusSeconds(60),
            List.of());
    assertThat(offer(later, Stored.NOTHING).result()).contains(labeled("same", "0B"));
  }

  @Test
  void withoutASequencerLeavesWhatCameWhileTheImageWasRead() {
    offer(labeled("newest", "0B"), Stored.NOTHING);
    newest = "newest";
    assertThat(offer(labeled("new", ""), Stored.NOTHING).result())
        .contains(labeled("newest", "0B"))
        .isEqualTo(results.read(KEY).result());
  }

  private Stored offer(Result result, Stored seen) {
    return results.offer(result, seen, MODEL, () -> newest).inForce();
  }

  private static Result.Labeled labeled(String etag, String sequencer) {
    return new Result.Labeled(
        new ObjectVersion("images", KEY, "", etag, sequencer),
        new Classification(
            List.of(new Prediction("cat", 0.75f)), Optional.empty(), Optional.empty()),
        MODEL,
        Instant.parse("2026-01-15T09:30:00.123Z"),
        List.of());
  }
}
