package io.pigeonhole.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CalibrationTest {

  @Test
  void asksForReviewBelowTheThreshold() {
    Calibration calibration = new Calibration(1, 0.75, 0.95, 0.8);
    assertThat(calibration.needsReview(Math.nextDown(0.75f))).isTrue();
    assertThat(calibration.needsReview(0.75f)).isFalse();
    assertThat(calibration.needsReview(1)).isFalse();
  }

  @Test
  void asksForReviewOfAllWhereNoThresholdIsGoodEnough() {
    assertThat(new Calibration(1, 1, 0.95, 0).needsReview(1)).isTrue();
  }

  @Test
  void takesFullConfidenceForSureWhereThatWasMeasured() {
    assertThat(new Calibration(1, 1, 0.95, 0.5).needsReview(1)).isFalse();
  }
}
