package io.pigeonhole.trainer.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Sum;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.TFloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * How unlike the images of a model's classes an image is, as a part of those images: the served
 * answer is the share of known images that are less strange. One of {@code n} known images more
 * would be above the level {@code i / (n + 1)} with probability {@code 1 - i / (n + 1)}, however
 * few there are (conformal p-values, S. Bates et al., arXiv:2104.08279).
 *
 * <p>Strange is, where a base of others gives the features, an image that is far from the three
 * nearest images that were learned from, by the angle between their features (after Y. Sun et al.,
 * arXiv:2204.06507); else, one whose scores are nearly the same for all classes: of small standard
 * deviation. Training moves scores apart and cares for no number that is added to all of them, so
 * that says more than their energy (W. Liu et al., arXiv:2010.03759) does.
 *
 * @param neighbours features of learned images, each row of length 1, {@code [n][count]}; empty if
 *     the scores say it
 * @param strangeness of known images, rising
 * @param levels how many of them, as a part, are less strange, for each
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Novelty(Optional<float[][]> neighbours, float[] strangeness, float[] levels) {

  /** The level above which an image is unknown: one known image in twenty is. */
  public static final double UNKNOWN = 0.95;

  /** How many of the nearest count. */
  public static final int NEAREST = 3;

  /** Bytes that the features of learned images may take in the served graph. */
  private static final int MOST_BYTES = 1_000_000;

  /** Steps of the scale, of which half are above {@link #UNKNOWN}. */
  private static final int STEPS = 64;

  /**
   * By how alike the scores of an image are.
   *
   * @param likeness of known images that were not trained on, as {@link ServingGraph.Rows} has it
   */
  public static Optional<Novelty> byScores(float[] likeness) {
    return of(
        Optional.empty(),
        IntStream.range(0, likeness.length).mapToDouble(i -> likeness[i]).toArray());
  }

  /**
   * By the nearest of the learned images.
   *
   * @param neighbours features of learned images, each row of length 1
   * @param distances of known images, as {@link #distance} has them
   */
  public static Optional<Novelty> byNeighbours(float[][] neighbours, double[] distances) {
    return neighbours.length > NEAREST ? of(Optional.of(neighbours), distances) : Optional.empty();
  }

  /** How many images' features a graph has room for. */
  public static int room(int features) {
    return Math.max(NEAREST, MOST_BYTES / (Float.BYTES / 2 * features));
  }

  /**
   * Empty if all known images are equally strange, or there is but one: nothing tells others then.
   */
  private static Optional<Novelty> of(Optional<float[][]> neighbours, double[] strangeness) {
    if (strangeness.length < 2) {
      return Optional.empty();
    }
    double[] sorted = strangeness.clone();
    Arrays.sort(sorted);
    List<float[]> knots = new ArrayList<>();
    for (int step = 0; step <= 2 * STEPS; step++) {
      double level =
          step <= STEPS ? UNKNOWN * step / STEPS : UNKNOWN + (1 - UNKNOWN) * (step - STEPS) / STEPS;
      int place = (int) Math.ceil(level * (sorted.length + 1)) - 1;
      place = Math.max(0, Math.min(sorted.length - 1, place));
      float value = (float) sorted[place];
      float share = (place + 1f) / (sorted.length + 1);
      if (knots.isEmpty() || value > knots.get(knots.size() - 1)[0]) {
        knots.add(new float[] {value, share});
      } else {
        knots.get(knots.size() - 1)[1] = share; // of equals, the most
      }
    }
    float[] values = new float[knots.size()];
    float[] levels = new float[knots.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = knots.get(i)[0];
      levels[i] = knots.get(i)[1];
    }
    return values.length < 2
        ? Optional.empty()
        : Optional.of(new Novelty(neighbours, values, levels));
  }

  /** How novel an image of such strangeness is, as the graph answers it. */
  public float of(double strange) {
    double sum = 0;
    for (int i = 1; i < strangeness.length; i++) {
      double way = (strange - strangeness[i - 1]) / (strangeness[i] - strangeness[i - 1]);
      sum += (levels[i] - (i == 1 ? 0 : levels[i - 1])) * Math.max(0, Math.min(1, way));
    }
    return (float) sum;
  }

  /** Features with length 1. */
  public static float[] unit(float[] features) {
    double squares = 0;
    for (float value : features) {
      squares += (double) value * value;
    }
    double factor = 1 / Math.sqrt(Math.max(squares, Double.MIN_NORMAL));
    float[] unit = new float[features.length];
    for (int i = 0; i < unit.length; i++) {
      unit[i] = (float) (features[i] * factor);
    }
    return unit;
  }

  /**
   * Minus the cosine of the angle to the nearest ones, on average.
   *
   * @param unit features of an image, of length 1
   * @param but a row that is left out, because it is the same image; negative for none
   */
  public static double distance(float[] unit, float[][] neighbours, int but) {
    double[] nearest = new double[NEAREST];
    Arrays.fill(nearest, -1);
    for (int row = 0; row < neighbours.length; row++) {
      if (row == but) {
        continue;
      }
      double cosine = 0;
      for (int i = 0; i < unit.length; i++) {
        cosine += unit[i] * neighbours[row][i];
      }
      for (int i = 0; i < NEAREST; i++) {
        if (cosine > nearest[i]) {
          double next = nearest[i];
          nearest[i] = cosine;
          cosine = next;
        }
      }
    }
    return -Arrays.stream(nearest).average().orElseThrow();
  }

  /**
   * Adds the answer to a graph.
   *
   * @param likeness {@code float32 [n, 1]}
   * @param features {@code float32 [n, count]}, if there is a base
   * @return {@code float32 [n]}, 0 to 1
   */
  Operand<TFloat32> answer(
      Ops tf, Operand<TFloat32> likeness, Optional<Operand<TFloat32>> features) {
    Operand<TFloat32> strange =
        neighbours.isPresent() ? distances(tf, features.orElseThrow()) : likeness;
    int steps = strangeness.length - 1;
    float[] rises = new float[steps];
    float[] slopes = new float[steps];
    for (int i = 0; i < steps; i++) {
      rises[i] = levels[i + 1] - (i == 0 ? 0 : levels[i]);
      slopes[i] = 1 / (strangeness[i + 1] - strangeness[i]);
    }
    Operand<TFloat32> beyond = tf.math.sub(strange, tf.constant(Arrays.copyOf(strangeness, steps)));
    Operand<TFloat32> way =
        tf.clipByValue(tf.math.mul(beyond, tf.constant(slopes)), tf.constant(0f), tf.constant(1f));
    return tf.sum(tf.math.mul(way, tf.constant(rises)), tf.constant(1));
  }

  /** {@code [n, 1]}. */
  private Operand<TFloat32> distances(Ops tf, Operand<TFloat32> features) {
    float[][] rows = neighbours.orElseThrow();
    int count = rows[0].length;
    float[] all = new float[rows.length * count];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, all, i * count, count);
    }
    Operand<TFloat32> learned;
    try (TFloat16 half = TFloat16.tensorOf(Shape.of(rows.length, count), DataBuffers.of(all))) {
      learned = tf.dtypes.cast(tf.withName("neighbours").constantOf(half), TFloat32.class);
    }
    Operand<TFloat32> squares =
        tf.sum(tf.math.square(features), tf.constant(1), Sum.keepDims(true));
    Operand<TFloat32> unit =
        tf.math.mul(
            features, tf.math.rsqrt(tf.math.maximum(squares, tf.constant(Float.MIN_NORMAL))));
    Operand<TFloat32> cosines = tf.linalg.matMul(unit, learned, MatMul.transposeB(true));
    Operand<TFloat32> nearest = tf.nn.topK(cosines, tf.constant(NEAREST), TInt32.class).values();
    return tf.math.neg(tf.math.mean(nearest, tf.constant(1), Mean.keepDims(true)));
  }
}
