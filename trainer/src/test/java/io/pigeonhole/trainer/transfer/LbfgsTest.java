package io.pigeonhole.trainer.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LbfgsTest {

  private static final double[] START = {-1.2, 1};

  /** H. Rosenbrock's valley (The Computer Journal 3, 1960), whose minimum is at 1, 1. */
  private static double valley(double[] place, double[] gradient) {
    double x = place[0];
    double away = place[1] - x * x;
    gradient[0] += -400 * x * away - 2 * (1 - x);
    gradient[1] += 200 * away;
    return 100 * away * away + (1 - x) * (1 - x);
  }

  @Test
  void findsTheEndOfACurvedValley() {
    double[] found = Lbfgs.minimum(LbfgsTest::valley, START, 100);
    assertThat(found[0]).isCloseTo(1, within(1e-2));
    assertThat(found[1]).isCloseTo(1, within(2e-2));
    assertThat(START).containsExactly(-1.2, 1);
  }

  @Test
  void takesNoMoreStepsThanItMay() {
    int[] evaluations = new int[1];
    Lbfgs.minimum(
        (place, gradient) -> {
          evaluations[0]++;
          return valley(place, gradient);
        },
        START,
        1);
    assertThat(evaluations[0]).isLessThan(20);
  }

  @Test
  void staysWhereThereIsNoSlope() {
    assertThat(Lbfgs.minimum((place, gradient) -> 3, new double[] {1, 2}, 10))
        .containsExactly(1, 2);
  }

  @Test
  void doesNotFollowWhatIsNoNumber() {
    double[] found =
        Lbfgs.minimum(
            (place, gradient) -> {
              gradient[0] += 2 * place[0];
              return place[0] < 1 ? Double.NaN : place[0] * place[0];
            },
            new double[] {4},
            20);
    assertThat(found[0]).isBetween(1.0, 4.0);
  }
}
