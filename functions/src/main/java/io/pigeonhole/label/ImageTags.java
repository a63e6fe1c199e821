package io.pigeonhole.label;

import io.pigeonhole.model.ReviewReason;
import io.pigeonhole.model.StoredLabel;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import org.jboss.logging.Logger;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectTaggingRequest;
import software.amazon.awssdk.services.s3.model.PutObjectTaggingRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.Tag;
import software.amazon.awssdk.services.s3.model.Tagging;

/**
 * The tags {@code label}, {@code confidence} and {@code model} of an image, beside those that it
 * has from others; the label in the form of {@link StoredLabel}. An unknown image has {@code
 * review} in the place of label and confidence; one of which a person says that it shows none of
 * the labels has only the model. S3 allows ten: where others leave too little room, theirs stay.
 */
final class ImageTags {
  private static final Logger LOG = Logger.getLogger(ImageTags.class);
  private static final int MAX_TAGS = 10;
  private static final String LABEL = "label";
  private static final String CONFIDENCE = "confidence";
  private static final String REVIEW = "review";
  private static final String MODEL = "model";
  private static final List<String> OF_A_LABEL = List.of(LABEL, CONFIDENCE, MODEL);

  private final S3Client s3;

  ImageTags(S3Client s3) {
    this.s3 = s3;
  }

  /** Makes the tags of the image say what its result says. An image that is gone has no tags. */
  void follow(Result result) {
    try {
      List<Tag> present = read(result.object());
      List<Tag> wanted =
          result instanceof Result.Labeled labeled ? merged(present, labeled) : cleaned(present);
      if (!Set.copyOf(wanted).equals(Set.copyOf(present))) {
        write(result.object(), wanted);
      }
    } catch (S3Exception e) {
      // 405: the newest version is a delete marker
      if (e.statusCode() != 404 && e.statusCode() != 405) {
        throw e;
      }
    }
  }

  private static List<Tag> merged(List<Tag> present, Result.Labeled labeled) {
    boolean reviewed =
        present.stream().anyMatch(tag -> tag.key().equals(REVIEW) && !isUnknown(tag));
    List<Tag> ours =
        ours(labeled).stream().filter(tag -> !(reviewed && tag.key().equals(REVIEW))).toList();
    List<Tag> others =
        present.stream()
            .filter(tag -> !isOurs(tag) && ours.stream().noneMatch(named(tag.key())))
            .toList();
    List<Tag> tags = new ArrayList<>(others);
    for (Tag tag : ours) {
      if (tags.size() < MAX_TAGS) {
        tags.add(tag);
      } else {
        LOG.warnf(
            "%s has %d tags of others: no room for the tag %s, its result has it",
            Quoted.of(labeled.object().key()), others.size(), tag.key());
      }
    }
    return tags;
  }

  private static List<Tag> ours(Result.Labeled labeled) {
    Tag model = tag(MODEL, labeled.model().toString());
    if (labeled.isUnknown()) {
      return List.of(tag(REVIEW, ReviewReason.UNKNOWN.code()), model);
    }
    return labeled
        .label()
        .map(
            label ->
                List.of(
                    tag(LABEL, StoredLabel.of(label)),
                    tag(CONFIDENCE, String.format(Locale.ROOT, "%.2f", labeled.confidence())),
                    model))
        .orElse(List.of(model));
  }

  private static Tag tag(String name, String value) {
    return Tag.builder().key(name).value(value).build();
  }

  /** An image without a label keeps no tags that a copy brought along from one with. */
  private static List<Tag> cleaned(List<Tag> present) {
    boolean labeled = OF_A_LABEL.stream().allMatch(name -> present.stream().anyMatch(named(name)));
    boolean unknown =
        present.stream().anyMatch(ImageTags::isUnknown) && present.stream().anyMatch(named(MODEL));
    return labeled || unknown ? present.stream().filter(tag -> !isOurs(tag)).toList() : present;
  }

  private static Predicate<Tag> named(String name) {
    return tag -> tag.key().equals(name);
  }

  /** What others review is theirs. */
  private static boolean isOurs(Tag tag) {
    return OF_A_LABEL.contains(tag.key()) || isUnknown(tag);
  }

  private static boolean isUnknown(Tag tag) {
    return tag.key().equals(REVIEW) && tag.value().equals(ReviewReason.UNKNOWN.code());
  }

  private List<Tag> read(ObjectVersion object) {
    GetObjectTaggingRequest.Builder get =
        GetObjectTaggingRequest.builder().bucket(object.bucket()).key(object.key());
    if (!object.versionId().isEmpty()) {
      get.versionId(object.versionId());
    }
    return s3.getObjectTagging(get.build()).tagSet();
  }

  private void write(ObjectVersion object, List<Tag> tags) {
    PutObjectTaggingRequest.Builder put =
        PutObjectTaggingRequest.builder()
            .bucket(object.bucket())
            .key(object.key())
            .tagging(Tagging.builder().tagSet(tags).build());
    if (!object.versionId().isEmpty()) {
      put.versionId(object.versionId());
    }
    s3.putObjectTagging(put.build());
  }
}
