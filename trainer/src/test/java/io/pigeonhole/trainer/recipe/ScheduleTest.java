package io.pigeonhole.trainer.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class ScheduleTest {

  @Test
  void goesUpAndDownAlongCosines() {
    Schedule schedule = new Schedule.OneCycle(0.04, 0.25, 0);
    assertThat(schedule.factor(0)).isCloseTo(0.04, within(1e-12));
    assertThat(schedule.factor(0.125)).isCloseTo(0.52, within(1e-12));
    assertThat(schedule.factor(0.25)).isCloseTo(1, within(1e-12));
    assertThat(schedule.factor(0.5)).isCloseTo(0.75, within(1e-12)); // cos 60° = 1/2
    assertThat(schedule.factor(1)).isCloseTo(0, within(1e-12));
  }

  @Test
  void goesDownAlongACosineAfterWarmingUp() {
    Schedule schedule = new Schedule.Cosine(0.2, 0.1);
    assertThat(schedule.factor(0.1)).isCloseTo(0.5, within(1e-12));
    assertThat(schedule.factor(0.2)).isCloseTo(1, within(1e-12));
    assertThat(schedule.factor(0.6)).isCloseTo(0.55, within(1e-12));
    assertThat(schedule.factor(1)).isCloseTo(0.1, within(1e-12));
    assertThat(new Schedule.Cosine(0, 0).factor(0)).isEqualTo(1);
  }

  @Test
  void fallsByTheSamePartInEachEpoch() {
    Schedule schedule = new Schedule.Exponential(0.01);
    assertThat(schedule.factor(0)).isEqualTo(1);
    assertThat(schedule.factor(0.5)).isCloseTo(0.1, within(1e-12));
    assertThat(schedule.factor(1)).isCloseTo(0.01, within(1e-12));
  }

  @Test
  void staysWhereItIs() {
    assertThat(new Schedule.Constant().factor(0.7)).isEqualTo(1);
  }

  @Test
  void fallsWhenTheLossDoesNot() {
    Schedule schedule = new Schedule.Plateau(0.1, 2, 0.05);
    assertThat(schedule.looksAtHeldOutImages()).isTrue();
    assertThat(schedule.factor(0.5, List.of())).isEqualTo(1);
    assertThat(schedule.factor(0.5, List.of(2.0, 1.0, 1.1))).isEqualTo(1);
    assertThat(schedule.factor(0.5, List.of(2.0, 1.0, 1.1, 0.99995)))
        .as("hardly better is not better")
        .isCloseTo(0.1, within(1e-12));
    assertThat(schedule.factor(0.5, List.of(2.0, 1.0, 1.1, 1.1, 0.9, 0.95)))
        .isCloseTo(0.1, within(1e-12));
    assertThat(schedule.factor(0.5, List.of(2.0, 2.0, 2.0, 2.0, 2.0))).isEqualTo(0.05);
  }
}
