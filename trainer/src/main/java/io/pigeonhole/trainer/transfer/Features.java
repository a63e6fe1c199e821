package io.pigeonhole.trainer.transfer;

import io.pigeonhole.trainer.data.FeatureRows;
import io.pigeonhole.trainer.network.HeadGraph;
import io.pigeonhole.trainer.network.HeadGraph.Block;
import io.pigeonhole.trainer.network.HeadGraph.Scaling;
import io.pigeonhole.trainer.recipe.BaseGraph;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.FloatDataBuffer;
import org.tensorflow.types.TFloat32;

/**
 * The features of a set of images, some views of each, in blocks that are read one after the other:
 * what does not fit is read again each time.
 */
final class Features implements AutoCloseable {

  /** Values of a block. */
  private static final int BLOCK = 1 << 20;

  /** Blocks that stay in memory. */
  private static final int KEPT = 16;

  /** Added to a deviation, as a part of the mean deviation: what never changes tells nothing. */
  private static final double LEAST = 0.01;

  private final FeatureRows rows;
  private final int views;
  private final int count;
  private final int own;
  private final int[] labels;
  private final int imagesPerBlock;
  private final List<Block> kept = new ArrayList<>();

  /**
   * Features that are all there.
   *
   * @param base that gave them
   * @param views of each image
   * @param labels one an image
   */
  Features(FeatureRows rows, BaseGraph base, int views, int[] labels) {
    this.rows = rows;
    this.views = views;
    this.count = base.count();
    this.own = base.own();
    this.labels = labels;
    this.imagesPerBlock = Math.max(1, BLOCK / (views * count));
  }

  /** Features of a view. */
  int count() {
    return count;
  }

  /** Views of an image. */
  int views() {
    return views;
  }

  /** Features of an image that are the base's own. */
  int own() {
    return own;
  }

  int images() {
    return labels.length;
  }

  int[] labels() {
    return labels;
  }

  private int blocks() {
    return (labels.length + imagesPerBlock - 1) / imagesPerBlock;
  }

  /** What is done with a block. */
  private interface Work {
    void with(Block block, int firstImage, int images);
  }

  private void forEach(Work work) {
    for (int number = 0; number < blocks(); number++) {
      int first = number * imagesPerBlock;
      int last = Math.min(labels.length, first + imagesPerBlock);
      if (number < kept.size()) {
        work.with(kept.get(number), first, last - first);
      } else if (number < KEPT) {
        kept.add(read(number, first, last));
        work.with(kept.get(number), first, last - first);
      } else {
        try (Block block = read(number, first, last)) {
          work.with(block, first, last - first);
        }
      }
    }
  }

  private Block read(int number, int first, int last) {
    int[] ofViews = new int[(last - first) * views];
    for (int i = 0; i < ofViews.length; i++) {
      ofViews[i] = labels[first + i / views];
    }
    return Block.of(rows.read(first, last), ofViews, number);
  }

  /** Mean and deviation of each feature. */
  Scaling scaling(boolean centred) {
    double[] sums = new double[count];
    double[] squares = new double[count];
    for (int first = 0; first < labels.length; first += imagesPerBlock) {
      float[] values = rows.read(first, Math.min(labels.length, first + imagesPerBlock));
      for (int i = 0; i < values.length; i++) {
        sums[i % count] += values[i];
        squares[i % count] += (double) values[i] * values[i];
      }
    }
    double number = (double) labels.length * views;
    float[] mean = new float[count];
    double[] deviation = new double[count];
    double all = 0;
    for (int i = 0; i < count; i++) {
      double middle = sums[i] / number;
      deviation[i] = Math.sqrt(Math.max(0, squares[i] / number - middle * middle));
      mean[i] = centred ? (float) middle : 0;
      all += deviation[i] / count;
    }
    float[] factor = new float[count];
    for (int i = 0; i < count; i++) {
      factor[i] = (float) (1 / (deviation[i] + LEAST * all + Float.MIN_NORMAL));
    }
    return new Scaling(mean, factor);
  }

  /** All features with mean 0 and variance 1, {@code [images·views, count]}. */
  TFloat32 scaled(Scaling scaling) {
    TFloat32 all = TFloat32.tensorOf(Shape.of((long) labels.length * views, count));
    FloatDataBuffer target = all.asRawTensor().data().asFloats();
    for (int first = 0; first < labels.length; first += imagesPerBlock) {
      float[] some = rows.read(first, Math.min(labels.length, first + imagesPerBlock));
      for (int i = 0; i < some.length; i++) {
        some[i] = (some[i] - scaling.mean()[i % count]) * scaling.factor()[i % count];
      }
      target.offset((long) first * views * count).write(some);
    }
    return all;
  }

  /**
   * Mean loss of a head and its gradient.
   *
   * @param weights what each image counts
   */
  double loss(HeadGraph head, double[] parameters, float[] weights, double[] gradient) {
    double[] sum = new double[1];
    double total = 0;
    for (float weight : weights) {
      total += (double) weight * views;
    }
    float scale = (float) (1 / total);
    forEach(
        (block, first, images) -> {
          float[] counts = new float[images * views];
          for (int i = 0; i < counts.length; i++) {
            counts[i] = weights[first + i / views] * scale;
          }
          sum[0] += head.add(parameters, block, counts, gradient);
        });
    return sum[0];
  }

  /** The base's own features of the images themselves, {@code [places][own]}. */
  float[][] of(int[] places) {
    float[][] features = new float[places.length][];
    for (int i = 0; i < places.length; i++) {
      features[i] = Arrays.copyOf(rows.read(places[i], places[i] + 1), own);
    }
    return features;
  }

  /** Scores of the images themselves, {@code [images][classes]}. */
  float[][] scores(HeadGraph head, double[] parameters) {
    float[][] scores = new float[labels.length][];
    forEach(
        (block, first, images) -> {
          float[][] all = head.scores(parameters, block);
          for (int i = 0; i < images; i++) {
            scores[first + i] = all[i * views];
          }
        });
    return scores;
  }

  @Override
  public void close() {
    kept.forEach(Block::close);
  }
}
