package io.pigeonhole.inference;

import io.pigeonhole.model.Manifest;

/** What the network says about the images of a batch. */
public final class Answers {
  private final Manifest manifest;
  private final float[][] probabilities;

  Answers(Manifest manifest, float[][] probabilities) {
    this.manifest = manifest;
    this.probabilities = probabilities;
  }

  /**
   * About one image: all classes.
   *
   * @param row its place in the batch
   * @throws IllegalStateException if what the network says of this image is no probability
   */
  public Classification of(int row) {
    return Classification.of(manifest, probabilities[row]);
  }
}
