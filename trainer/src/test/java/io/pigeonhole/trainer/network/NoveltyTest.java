package io.pigeonhole.trainer.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

class NoveltyTest {

  private final Random random = new Random(1);

  @Test
  void answersInTheGraphWhatItSays() {
    Novelty novelty = Novelty.byScores(values(200)).orElseThrow();
    float[] others = values(50);
    float[] answers = answers(novelty, others, new float[50][1]);
    for (int i = 0; i < others.length; i++) {
      assertThat(answers[i]).isCloseTo(novelty.of(others[i]), within(1e-4f));
    }
  }

  @Test
  void findsTheNearestInTheGraph() {
    float[][] learned = rows(20, 8);
    for (int i = 0; i < learned.length; i++) {
      learned[i] = Novelty.unit(learned[i]);
    }
    double[] distances =
        IntStream.range(0, 20).mapToDouble(i -> Novelty.distance(learned[i], learned, i)).toArray();
    Novelty novelty = Novelty.byNeighbours(learned, distances).orElseThrow();
    float[][] others = rows(30, 8);
    float[] answers = answers(novelty, new float[30], others);
    for (int i = 0; i < others.length; i++) {
      double distance = Novelty.distance(Novelty.unit(others[i]), learned, -1);
      // the graph keeps the learned ones in two bytes a value
      assertThat(answers[i]).isCloseTo(novelty.of(distance), within(0.02f));
    }
  }

  @Test
  void measuresTheAngleToTheNearestButItself() {
    float[][] learned = {{1, 0}, {0.8f, 0.6f}, {0.6f, 0.8f}, {0, 1}};
    assertThat(Novelty.distance(new float[] {1, 0}, learned, -1)).isEqualTo(-0.8, within(1e-6));
    assertThat(Novelty.distance(new float[] {1, 0}, learned, 0)).isEqualTo(-1.4 / 3, within(1e-6));
  }

  /** However few the known images are, at most one in twenty others of them is unknown. */
  @Test
  void keepsItsPromiseOfFewImages() {
    for (int count : new int[] {10, 19, 40, 200}) {
      double unknown = 0;
      int rounds = 400;
      for (int round = 0; round < rounds; round++) {
        Novelty novelty = Novelty.byScores(values(count)).orElseThrow();
        unknown +=
            random.doubles(50, -1, 1).filter(each -> novelty.of(each) > Novelty.UNKNOWN).count()
                / 50.0
                / rounds;
      }
      assertThat(unknown).isLessThan(0.06);
      if (count < 20) {
        assertThat(unknown).isZero(); // one in twenty is as much as nineteen images can say
      } else {
        assertThat(unknown).isGreaterThan(0.02);
      }
    }
  }

  @Test
  void risesFromNoneToAllOfTheKnownImages() {
    float[] known = values(99);
    Novelty novelty = Novelty.byScores(known).orElseThrow();
    Arrays.sort(known);
    assertThat(novelty.of(known[0] - 5)).isZero();
    assertThat(novelty.of(known[98])).isEqualTo(0.99f, within(1e-5f));
    assertThat(novelty.of(known[98] + 5)).isEqualTo(0.99f, within(1e-5f));
    assertThat(novelty.of(known[49])).isEqualTo(0.5f, within(0.02f));
  }

  @Test
  void tellsNothingByImagesThatAreAllAlike() {
    assertThat(Novelty.byScores(new float[10])).isEmpty();
    assertThat(Novelty.byScores(new float[0])).isEmpty();
    assertThat(Novelty.byNeighbours(new float[3][2], new double[] {0.1, 0.2, 0.3})).isEmpty();
  }

  private float[] values(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return values;
  }

  private float[][] rows(int count, int length) {
    float[][] rows = new float[count][length];
    for (float[] row : rows) {
      for (int i = 0; i < length; i++) {
        row[i] = (float) random.nextGaussian();
      }
    }
    return rows;
  }

  private static float[] answers(Novelty novelty, float[] likeness, float[][] features) {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> answer =
          novelty.answer(
              tf,
              tf.reshape(tf.constant(likeness), tf.constant(new int[] {-1, 1})),
              Optional.of(tf.constant(features)));
      try (Result result = session.runner().fetch(answer).run()) {
        return Floats.of(result, 0);
      }
    }
  }
}
