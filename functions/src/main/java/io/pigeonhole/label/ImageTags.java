package io.pigeonhole.label;

import io.pigeonhole.config.Outputs;
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
 * The tags {@code label}, {@code confidence} and {@code model} of an image, or some of them, beside
 * those that it has from others; the label in the form of {@link StoredLabel}. An unknown image has
 * {@code review} in the place of label and confidence; one of which a person says that it shows
 * none of the labels has only the model. S3 allows ten: where others leave too little room, theirs
 * stay.
 */
final class ImageTags {
  private static final Logger LOG = Logger.getLogger(ImageTags.class);
  private static final int MAX_TAGS = 10;
  private static final String REVIEW = "review";

  private final S3Client s3;
  private final Set<String> names;

  /**
   * Tags images.
   *
   * @param names of the tags, of {@link Outputs#TAGS}; none to tag nothing
   */
  ImageTags(S3Client s3, Set<String> names) {
    this.s3 = s3;
    this.names = names;
  }

  /**
   * Makes the tags of the image say what its result says. An image that is gone has no tags.
   *
   * @return whether that took a request that writes
   */
  boolean follow(Result result) {
    if (names.isEmpty()) {
      return false;
    }
    try {
      return change(result, read(result.object()));
    } catch (S3Exception e) {
      return ignored(e);
    }
  }

  /** The same, for an image that has no tags. */
  boolean give(Result result) {
    if (names.isEmpty()) {
      return false;
    }
    try {
      return change(result, List.of());
    } catch (S3Exception e) {
      return ignored(e);
    }
  }

  private boolean change(Result result, List<Tag> present) {
    List<Tag> wanted =
        result instanceof Result.Labeled labeled ? merged(present, labeled) : cleaned(present);
    boolean differs = !Set.copyOf(wanted).equals(Set.copyOf(present));
    if (differs) {
      write(result.object(), wanted);
    }
    return differs;
  }

  /** Nothing is tagged that is no more. */
  private static boolean ignored(S3Exception e) {
    // 405: the newest version is a delete marker
    if (e.statusCode() != 404 && e.statusCode() != 405) {
      throw e;
    }
    return false;
  }

  private List<Tag> merged(List<Tag> present, Result.Labeled labeled) {
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

  private List<Tag> ours(Result.Labeled labeled) {
    List<Tag> tags = new ArrayList<>();
    if (labeled.isUnknown()) {
      tags.add(tag(REVIEW, ReviewReason.UNKNOWN.code()));
    } else if (labeled.label().isPresent()) {
      tags.add(tag(Outputs.LABEL, StoredLabel.of(labeled.label().get())));
      tags.add(tag(Outputs.CONFIDENCE, String.format(Locale.ROOT, "%.2f", labeled.confidence())));
    }
    tags.add(tag(Outputs.MODEL, labeled.model().toString()));
    tags.removeIf(tag -> !names.contains(nameOf(tag)));
    return tags;
  }

  /** What is said of an unknown image stands in the place of its label. */
  private static String nameOf(Tag tag) {
    return tag.key().equals(REVIEW) ? Outputs.LABEL : tag.key();
  }

  private static Tag tag(String name, String value) {
    return Tag.builder().key(name).value(value).build();
  }

  /** An image without a label keeps no tags that a copy brought along from one with. */
  private List<Tag> cleaned(List<Tag> present) {
    boolean labeled = names.stream().allMatch(name -> present.stream().anyMatch(named(name)));
    boolean unknown =
        present.stream().anyMatch(ImageTags::isUnknown)
            && (!names.contains(Outputs.MODEL) || present.stream().anyMatch(named(Outputs.MODEL)));
    return labeled || unknown ? present.stream().filter(tag -> !isOurs(tag)).toList() : present;
  }

  private static Predicate<Tag> named(String name) {
    return tag -> tag.key().equals(name);
  }

  /** What others review is theirs. */
  private boolean isOurs(Tag tag) {
    return names.contains(tag.key()) || (names.contains(Outputs.LABEL) && isUnknown(tag));
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
