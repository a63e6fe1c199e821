package io.pigeonhole.inference;

import io.pigeonhole.model.Answer;
import io.pigeonhole.model.Classification;
import io.pigeonhole.model.Manifest;
import java.util.List;

/** What the network says about the images of a batch. */
public final class Answers {
  private final Manifest manifest;
  private final List<Answer> answers;

  Answers(Manifest manifest, List<Answer> answers) {
    this.manifest = manifest;
    this.answers = List.copyOf(answers);
  }

  /**
   * About one image: all classes.
   *
   * @param row its place in the batch
   * @throws IllegalStateException if what the network says of this image is no probability, or no
   *     novelty
   */
  public Classification of(int row) {
    return Classification.of(manifest, answers.get(row));
  }

  /** The probabilities of one image, in the order of the classes, however novel it is. */
  public float[] probabilities(int row) {
    return answers.get(row).probabilities();
  }
}
