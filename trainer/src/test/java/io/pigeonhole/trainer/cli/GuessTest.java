package io.pigeonhole.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.pigeonhole.trainer.evaluation.Evaluation;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GuessTest {

  /** What is said of a model that gives these labels to images of the classes a, a, a, b, b. */
  private static Optional<String> of(int... given) {
    return of(new int[] {0, 0, 0, 1, 1}, given);
  }

  private static Optional<String> of(int[] labels, int[] given) {
    float[][] probabilities = new float[given.length][3];
    for (int i = 0; i < given.length; i++) {
      probabilities[i][given[i]] = 1;
    }
    return Guess.noWorseThan(Evaluation.of(probabilities, labels, List.of("a", "b", "c"), 1));
  }

  @Test
  void hasNothingToSayOfAModelThatHasLearned() {
    assertThat(of(0, 0, 0, 1, 0)).isEmpty();
    assertThat(of(0, 0, 0, 1, 1)).isEmpty();
  }

  @Test
  void hasNothingToSayOfAModelThatFindsTheRareClass() {
    int[] labels = {0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    assertThat(of(labels, new int[] {0, 0, 0, 0, 0, 0, 0, 1, 1, 1})).isEmpty();
    assertThat(of(labels, new int[10])).isPresent();
  }

  @Test
  void tellsWhoAlwaysSaysTheSame() {
    assertThat(of(0, 0, 0, 0, 0).orElseThrow())
        .startsWith(
            "it has learned nothing: 60.0% of the test images are right, and 'a' for all of them"
                + " would be right for 60.0%.");
    assertThat(of(1, 1, 1, 1, 1)).isPresent();
  }
}
