package io.pigeonhole.label;

import io.pigeonhole.model.Classification;
import io.pigeonhole.model.ReviewReason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * What became of an image. Of two results of a key, the one of the newer event stays.
 *
 * <p>A result also names the labels that the key had before ({@link #formerLabels}), because their
 * index objects have to go, even if whoever replaced the result could not see to it.
 */
sealed interface Result {
  ObjectVersion object();

  /** Lists of the index in which the key may still be; none of those that it belongs to. */
  List<String> formerLabels();

  /** The same, about the object as a newer event describes it. */
  Result about(ObjectVersion object);

  /** The same, after these labels. */
  Result after(List<String> formerLabels);

  /** Whether the other says the same of the same object. */
  boolean repeats(Result other);

  /** Whether it has a label, and that is this model's. */
  default boolean isLabelBy(ModelId model) {
    return this instanceof Labeled labeled && labeled.model().equals(model);
  }

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

  /**
   * What a person says the label is.
   *
   * @param label tag-safe, but not necessarily one of the model's; empty if the image shows none of
   *     what there are labels for
   */
  record Correction(Optional<String> label, Instant at) {}

  /**
   * The image has a label, or a suggestion for one; or a person says that it has none.
   *
   * @param classification what the model says, whatever a person says
   * @param correction is about this content, and outlives the model that was corrected
   */
  record Labeled(
      ObjectVersion object,
      Classification classification,
      ModelId model,
      Instant labeledAt,
      Optional<Correction> correction,
      List<String> formerLabels)
      implements Result {

    /** As a model says it, with which nobody has disagreed yet. */
    Labeled(
        ObjectVersion object,
        Classification classification,
        ModelId model,
        Instant labeledAt,
        List<String> formerLabels) {
      this(object, classification, model, labeledAt, Optional.empty(), formerLabels);
    }

    /** The person's, which may be none, or else the model's. */
    Optional<String> label() {
      return correction.isPresent()
          ? correction.get().label()
          : Optional.of(classification.label());
    }

    /** Of {@link #label}: a person is sure. */
    float confidence() {
      return correction.isPresent() ? 1 : classification.confidence();
    }

    /** Why a person should look; empty if nobody needs to, or somebody has. */
    Optional<ReviewReason> reason() {
      return correction.isPresent() ? Optional.empty() : classification.reason();
    }

    /** Whether it is unlike anything that the model learned, and no person has said what it is. */
    boolean isUnknown() {
      return reason().filter(ReviewReason.UNKNOWN::equals).isPresent();
    }

    /** The label that it is filed under: of an unknown image, the label is a suggestion only. */
    Optional<String> pigeonhole() {
      return isUnknown() ? Optional.empty() : label();
    }

    /** The lists of the index that it is in: see {@link ResultLayout#index}. */
    List<String> lists() {
      List<String> lists = new ArrayList<>(pigeonhole().stream().toList());
      if (reason().isPresent()) {
        lists.add(ResultLayout.REVIEW);
      }
      if (correction.isPresent()) {
        lists.add(ResultLayout.CORRECTED);
      }
      return lists;
    }

    /** The same, with what a person says. */
    Labeled corrected(Optional<Correction> byPerson) {
      return new Labeled(object, classification, model, labeledAt, byPerson, formerLabels);
    }

    private boolean isAboutContentOf(Labeled other) {
      return !object.etag().isEmpty() && object.etag().equals(other.object.etag());
    }

    /** Whether it is about this content, and by this model. */
    boolean answers(String etag, ModelId byModel) {
      return object.etag().equals(etag) && model.equals(byModel);
    }

    @Override
    public Result about(ObjectVersion newer) {
      return new Labeled(newer, classification, model, labeledAt, correction, formerLabels);
    }

    @Override
    public Result after(List<String> labels) {
      return new Labeled(object, classification, model, labeledAt, correction, labels);
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
   * the order of events, so it only takes the place of a result about the same content, or of one
   * that was there before this image was read: S3 never reads older content after newer.
   *
   * @param model by which this is
   * @param newest tells the ETag of what is there now; empty if nothing is
   * @throws IllegalStateException if that is of neither, so that nothing can be said of the order
   */
  default boolean replaces(Result stored, ModelId model, Supplier<String> newest) {
    String mine = object().sequencer();
    if (mine.isEmpty()) {
      if (repeats(stored) || object().etag().equals(stored.object().etag())) {
        return !repeats(stored);
      }
      String now = newest.get();
      if (!now.equals(object().etag()) && !now.equals(stored.object().etag())) {
        throw new IllegalStateException("it has changed since it was read");
      }
      return now.equals(object().etag());
    }
    int order = Sequencer.ORDER.compare(mine, stored.object().sequencer());
    return order > 0 || (order == 0 && !repeats(stored) && !stored.isLabelBy(model));
  }

  /**
   * This result in the place of another: its label, and those before, are former ones. What a
   * person said about the same content still holds.
   */
  default Result inPlaceOf(Result stored) {
    Result placed = this;
    if (this instanceof Labeled labeled
        && stored instanceof Labeled before
        && labeled.isAboutContentOf(before)) {
      placed = labeled.corrected(before.correction());
    }
    if (object().sequencer().isEmpty()) {
      placed = placed.about(sequenced(stored.object().sequencer()));
    }
    return placed.leaving(stored);
  }

  /** The same, when the lists that the stored result is in are to be left. */
  default Result leaving(Result stored) {
    TreeSet<String> former = new TreeSet<>(stored.formerLabels());
    if (stored instanceof Labeled before) {
      former.addAll(before.lists());
    }
    if (this instanceof Labeled labeled) {
      former.removeAll(labeled.lists());
    }
    return after(List.copyOf(former));
  }

  private ObjectVersion sequenced(String sequencer) {
    ObjectVersion o = object();
    return new ObjectVersion(o.bucket(), o.key(), o.versionId(), o.etag(), sequencer);
  }
}
