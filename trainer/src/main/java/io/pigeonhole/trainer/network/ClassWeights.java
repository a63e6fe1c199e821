package io.pigeonhole.trainer.network;

import java.util.Arrays;

/** What an image's loss counts, so that every class counts the same. */
public final class ClassWeights {

  private ClassWeights() {}

  /**
   * One weight a class: the images that it would have if all had equally many, by those it has. The
   * mean over the images is 1.
   */
  public static float[] of(int[] labels, int classes) {
    long[] counts = new long[classes];
    for (int label : labels) {
      counts[label]++;
    }
    long present = Arrays.stream(counts).filter(count -> count > 0).count();
    float[] weights = new float[classes];
    for (int i = 0; i < classes; i++) {
      weights[i] = counts[i] == 0 ? 0 : (float) ((double) labels.length / present / counts[i]);
    }
    return weights;
  }
}
