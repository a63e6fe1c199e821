package io.pigeonhole.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.pigeonhole.trainer.recipe.Balance;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class OrderTest {

  private static final int[] LABELS = {0, 0, 0, 0, 0, 0, 0, 2, 2, 3};

  @Test
  void showsEveryImageOnceAnEpoch() {
    int[] order = Order.of(LABELS, Balance.NONE, 10, 1, 0);
    assertThat(Arrays.stream(order).sorted()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    assertThat(Order.of(LABELS, Balance.NONE, 10, 1, 0)).isEqualTo(order);
    assertThat(Order.of(LABELS, Balance.NONE, 10, 1, 1)).isNotEqualTo(order);
  }

  @Test
  void showsEveryClassEquallyOften() {
    int[] order = Order.of(LABELS, Balance.SAMPLING, 30, 1, 0);
    assertThat(order).hasSize(30);
    for (int label : new int[] {0, 2, 3}) {
      assertThat(Arrays.stream(order).filter(place -> LABELS[place] == label).count())
          .as("class " + label)
          .isEqualTo(10);
    }
    assertThat(Arrays.stream(order).filter(place -> LABELS[place] == 0).distinct().count())
        .isEqualTo(7);
  }
}
