package io.pigeonhole.label;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SequencerTest {

  @Test
  void ordersAsHexadecimalTextPaddedOnTheRight() {
    assertThat(Stream.of("0A2", "0A1B2C", "0a1b2c4d", "0A1B2C3D4E", "").sorted(Sequencer.ORDER))
        .containsExactly("", "0A1B2C", "0A1B2C3D4E", "0a1b2c4d", "0A2");
  }

  @Test
  void takesTrailingZerosForNothing() {
    assertThat(Sequencer.ORDER.compare("0A1B", "0A1B00")).isZero();
    assertThat(Sequencer.ORDER.compare("", "")).isZero();
  }
}
