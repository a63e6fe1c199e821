package io.pigeonhole.label;

import io.pigeonhole.inference.Classification;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;

/**
 * What became of an image. Of two results of a key, the one of the newer event stays.
 *
 * <p>A result also names the labels that the key had before ({@link #formerLabels}), because their
 * index objects have to go, even if whoever replaced the result could not see to it.
 */
sealed interface Result {
  ObjectVersion object();

  /** Labels under which an index object of the key may still be; not the present one. */
  List<String> formerLabels();

  /** The same, about the object as a newer event describes it. */
  Result about(ObjectVersion object);

  /** The same, after these labels. */
  Result after(List<String> formerLabels);

  /** Whether the other says the same of the same object. */
  boolean repeats(Result other);

  /**
   * A model and its version.
   *
   * @param version as in the bucket
   */
  record ModelId(String name, String version) {
    @Override
    public String toString() {
      return name + "/" + version;
    }
  }

  /** The image has a label, or a suggestion for one. */
  record Labeled(
      ObjectVersion object,
      Classification classification,
      ModelId model,
      Instant labeledAt,
      List<String> formerLabels)
      implements Result {

    String label() {
      return classification.label();
    }

    /** Whether it is about this content, and by this model. */
    boolean answers(String etag, ModelId byModel) {
      return object.etag().equals(etag) && model.equals(byModel);
    }

    @Override
    public Result about(ObjectVersion newer) {
      return new Labeled(newer, classification, model, labeledAt, formerLabels);
    }

    @Override
    public Result after(List<String> labels) {
      return new Labeled(object, classification, model, labeledAt, labels);
    }

    @Override
    public boolean repeats(Result other) {
      return other instanceof Labeled labeled && labeled.answers(object.etag(), model);
    }
  }

  /** The image has no label, and another try will not give it one. */
  record Unlabeled(
      ObjectVersion object,
      String code,
      String message,
      Instant labeledAt,
      List<String> formerLabels)
      implements Result {

    @Override
    public Result about(ObjectVersion newer) {
      return new Unlabeled(newer, code, message, labeledAt, formerLabels);
    }

    @Override
    public Result after(List<String> labels) {
      return new Unlabeled(object, code, message, labeledAt, labels);
    }

    @Override
    public boolean repeats(Result other) {
      return other instanceof Unlabeled unlabeled
          && unlabeled.code.equals(code)
          && unlabeled.object.etag().equals(object.etag());
    }
  }

  /**
   * Whether this takes the place of the stored result: if its event is newer; or if it is the same
   * event, but says something else, as a newer model may. Without a sequencer nothing is known of
   * the order, so it only takes the place of a result about the same content.
   */
  default boolean replaces(Result stored) {
    String mine = object().sequencer();
    String theirs = stored.object().sequencer();
    if (mine.isEmpty() && !theirs.isEmpty()) {
      return object().etag().equals(stored.object().etag()) && !repeats(stored);
    }
    int order = Sequencer.ORDER.compare(mine, theirs);
    return order > 0 || (order == 0 && !repeats(stored));
  }

  /** This result in the place of another: its label, and those before, are former ones. */
  default Result inPlaceOf(Result stored) {
    TreeSet<String> former = new TreeSet<>(stored.formerLabels());
    if (stored instanceof Labeled labeled) {
      former.add(labeled.label());
    }
    if (this instanceof Labeled labeled) {
      former.remove(labeled.label());
    }
    boolean keepsOrder = object().sequencer().isEmpty();
    Result placed = keepsOrder ? about(sequenced(stored.object().sequencer())) : this;
    return placed.after(List.copyOf(former));
  }

  private ObjectVersion sequenced(String sequencer) {
    ObjectVersion o = object();
    return new ObjectVersion(o.bucket(), o.key(), o.versionId(), o.etag(), sequencer);
  }
}
