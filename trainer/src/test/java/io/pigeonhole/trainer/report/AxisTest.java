package io.pigeonhole.trainer.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AxisTest {

  @Test
  void tellsTicksApartHoweverSmallTheyAre() {
    for (double greatest : new double[] {1e-5, 3e-4, 0.1, 1, 2.3, 17, 40_000}) {
      Axis axis = Axis.upTo("rate", greatest);
      assertThat(axis.ticks().stream().map(axis::label))
          .doesNotHaveDuplicates()
          .hasSizeGreaterThan(3);
    }
    assertThat(Axis.upTo("rate", 1e-4).ticks().stream().map(Axis.upTo("rate", 1e-4)::label))
        .containsExactly("0", "0.00002", "0.00004", "0.00006", "0.00008", "0.0001");
    assertThat(Axis.upTo("epoch", 40).label(20)).isEqualTo("20");
  }
}
