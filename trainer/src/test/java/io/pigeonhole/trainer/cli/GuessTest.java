package io.pigeonhole.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.pigeonhole.trainer.evaluation.Evaluation;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GuessTest {

  private static final int[] LABELS = {0, 0, 0, 1, 1};

  /** What is said of a model that gives these labels to images of the classes a, a, a, b, b. */
  private static Optional<String> of(int... given) {
    float[][] probabilities = new float[given.length][2];
    for (int i = 0; i < given.length; i++) {
      probabilities[i][given[i]] = 1;
    }
    return Guess.noWorseThan(Evaluation.of(probabilities, LABELS, List.of("a", "b"), 1));
  }

  @Test
  void hasNothingToSayOfAModelThatHasLearned() {
    assertThat(of(0, 0, 0, 1, 0)).isEmpty();
    assertThat(of(0, 0, 0, 1, 1)).isEmpty();
  }

  @Test
  void tellsWhoAlwaysSaysTheSame() {
    assertThat(of(0, 0, 0, 0, 0).orElseThrow())
        .startsWith(
            "it has learned nothing: 60.0% of the test images are right, and 'a' for all of them"
                + " would be right for 60.0%;");
    assertThat(of(1, 1, 1, 1, 1)).isPresent();
  }
}
