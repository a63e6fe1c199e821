package io.pigeonhole.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class TallyTest {
  private final StringWriter err = new StringWriter();

  private void two(boolean shown) {
    PrintWriter writer = new PrintWriter(err, true);
    try (Tally tally = new Tally(writer, 2, shown)) {
      tally.count(true, () -> {});
      tally.count(false, () -> writer.print("broken.jpg\n"));
    }
  }

  @Test
  void countsOnTheLastLineOfATerminal() {
    two(true);
    assertThat(err.toString())
        .contains("0 of 2", "[##########..........] 1 of 2", "2 of 2, 1 without a label");
  }

  @Test
  void leavesOnlyWhatWasPrinted() {
    two(true);
    assertThat(err.toString().replaceAll("[^\\n]*\r\u001b\\[K", "")).isEqualTo("broken.jpg\n");
  }

  @Test
  void writesNothingWhereThereIsNoTerminal() {
    two(false);
    assertThat(err.toString()).isEqualTo("broken.jpg\n");
  }
}
