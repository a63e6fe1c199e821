package io.pigeonhole.inference;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThreadsTest {

  @ParameterizedTest
  @CsvSource({
    // without oneDNN: one for an image, and as many passes as processors
    "false, 2, 1, -1, 2",
    "false, 6, 1, -1, 6",
    "false, 1, 1, -1, 1",
    // with it: all of them for each pass
    "true, 2, 2, 1, 1",
    "true, 6, 6, 1, 1",
    "true, 1, 1, 1, 1"
  })
  void theyFollowTheRoutines(boolean oneDnn, int processors, int intraOp, int interOp, int passes) {
    Threads threads = Threads.of(oneDnn, processors);
    assertThat(threads).isEqualTo(new Threads(intraOp, interOp));
    assertThat(threads.passes(processors)).isEqualTo(passes);
  }

  @ParameterizedTest
  @CsvSource({"2, -1, 4, 2", "8, -1, 4, 1", "1, 3, 4, 3", "0, 0, 4, 1"})
  void whatWasSetByHandIsUsed(int intraOp, int interOp, int processors, int passes) {
    assertThat(new Threads(intraOp, interOp).passes(processors)).isEqualTo(passes);
  }
}
