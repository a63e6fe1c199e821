package io.pigeonhole.model;

import static io.pigeonhole.model.ReviewReason.UNKNOWN;
import static io.pigeonhole.model.ReviewReason.UNSURE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CalibrationTest {
  private static final Optional<Float> NOT_SAID = Optional.empty();
  private static final Calibration WITH_NOVELTY =
      new Calibration(1, 0.75, 0.95, 0.8, OptionalDouble.of(0.95));

  @Test
  void asksForReviewBelowTheThreshold() {
    Calibration calibration = new Calibration(1, 0.75, 0.95, 0.8);
    assertThat(calibration.review(Math.nextDown(0.75f), NOT_SAID)).contains(UNSURE);
    assertThat(calibration.review(0.75f, NOT_SAID)).isEmpty();
    assertThat(calibration.review(1, NOT_SAID)).isEmpty();
  }

  @Test
  void asksForReviewOfAllWhereNoThresholdIsGoodEnough() {
    assertThat(new Calibration(1, 1, 0.95, 0).review(1, NOT_SAID)).contains(UNSURE);
  }

  @Test
  void takesFullConfidenceForSureWhereThatWasMeasured() {
    assertThat(new Calibration(1, 1, 0.95, 0.5).review(1, NOT_SAID)).isEmpty();
  }

  @Test
  void knowsWhatIsMoreNovelThanTheLevelForUnknown() {
    assertThat(WITH_NOVELTY.review(0.9f, Optional.of(0.94f))).isEmpty();
    assertThat(WITH_NOVELTY.review(0.5f, Optional.of(0.94f))).contains(UNSURE);
    assertThat(WITH_NOVELTY.review(0.9f, Optional.of(0.96f))).contains(UNKNOWN);
    assertThat(WITH_NOVELTY.review(0.1f, Optional.of(0.96f))).contains(UNKNOWN);
  }

  @ParameterizedTest
  @CsvSource({"0, 0.8", "0.5, 0.8", "0.95, 0.8", "0.96, 0.64", "0.975, 0.4", "1, 0"})
  void trustsAProbabilityLessTheMoreNovelAnUnknownImageIs(float novelty, float expected) {
    assertThat(WITH_NOVELTY.confidence(0.8f, Optional.of(novelty)))
        .isEqualTo(expected, within(1e-5f));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.5, 0.95, 1})
  void leavesProbabilitiesAsTheyAreUpToTheLevel(double level) {
    Calibration calibration = new Calibration(1, 0.75, 0.95, 0.8, OptionalDouble.of(level));
    assertThat(calibration.confidence(0.8f, Optional.of((float) level)))
        .isEqualTo(0.8f, within(1e-5f));
    assertThat(calibration.confidence(0.8f, Optional.of(Math.nextDown((float) level))))
        .isEqualTo(0.8f);
  }

  @Test
  void leavesProbabilitiesAsTheyAreWhereNoveltyIsNotSaid() {
    assertThat(WITH_NOVELTY.confidence(0.8f, NOT_SAID)).isEqualTo(0.8f);
    assertThat(new Calibration(1, 0.75, 0.95, 0.8).confidence(0.8f, Optional.of(1f)))
        .isEqualTo(0.8f);
  }
}
