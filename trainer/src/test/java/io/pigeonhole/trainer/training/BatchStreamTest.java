package io.pigeonhole.trainer.training;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pigeonhole.trainer.network.SmallRecipes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class BatchStreamTest {

  @Test
  @Timeout(60)
  void failsWhereMemoryIsOutInsteadOfWaitingForEver() throws Exception {
    try (BatchStream stream =
        new BatchStream(
            SmallRecipes.notMixed(),
            size -> {
              throw new OutOfMemoryError("here");
            },
            1,
            1,
            0)) {
      assertThatThrownBy(stream::next).isInstanceOf(OutOfMemoryError.class).hasMessage("here");
    }
  }
}
