package io.pigeonhole.trainer.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FoldsTest {

  @Test
  void holdsEachOfFewImagesOutOnceAndOfEachClassAsManyInEachFold() {
    int[] labels = IntStream.range(0, 100).map(i -> i % 4).toArray();
    Folds folds = Folds.of(labels, 10, 1);
    assertThat(folds.count()).isEqualTo(5);
    for (int fold = 0; fold < 5; fold++) {
      for (int label = 0; label < 4; label++) {
        int wantedFold = fold;
        int wanted = label;
        long count =
            IntStream.range(0, 100)
                .filter(i -> folds.of()[i] == wantedFold && labels[i] == wanted)
                .count();
        assertThat(count).isEqualTo(5);
      }
    }
  }

  @Test
  void triesWithThoseThatAreHeldOutAnywayIfTheyAreMany() {
    Folds folds = Folds.of(new int[3000], 1000, 1);
    assertThat(folds.count()).isEqualTo(1);
    assertThat(folds.isTried(1999)).isFalse();
    assertThat(folds.isTried(2000)).isTrue();
    assertThat(IntStream.range(0, 3000).filter(folds::isTried).count()).isEqualTo(1000);
  }

  @Test
  void isTheSameForTheSameSeed() {
    int[] labels = new int[50];
    assertThat(Folds.of(labels, 5, 3).of()).isEqualTo(Folds.of(labels, 5, 3).of());
    assertThat(Folds.of(labels, 5, 3).of()).isNotEqualTo(Folds.of(labels, 5, 4).of());
  }
}
