package io.pigeonhole.label;

import io.pigeonhole.model.StoredLabel;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jboss.logging.Logger;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectTaggingRequest;
import software.amazon.awssdk.services.s3.model.PutObjectTaggingRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.Tag;
import software.amazon.awssdk.services.s3.model.Tagging;

/**
 * The tags {@code label}, {@code confidence} and {@code model} of an image, beside those that it
 * has from others; the label in the form of {@link StoredLabel}. S3 allows ten: where others leave
 * too little room, theirs stay.
 */
final class ImageTags {
  private static final Logger LOG = Logger.getLogger(ImageTags.class);
  private static final int MAX_TAGS = 10;
  private static final Set<String> OURS = Set.of("label", "confidence", "model");

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
    List<Tag> tags = new ArrayList<>(others(present));
    Map<String, String> values =
        Map.of(
            "label", StoredLabel.of(labeled.label()),
            "confidence", String.format(Locale.ROOT, "%.2f", labeled.confidence()),
            "model", labeled.model().toString());
    for (String name : List.of("label", "confidence", "model")) {
      if (tags.size() < MAX_TAGS) {
        tags.add(Tag.builder().key(name).value(values.get(name)).build());
      } else {
        LOG.warnf(
            "%s has %d tags of others: no room for the tag %s, its result has it",
            Quoted.of(labeled.object().key()), others(present).size(), name);
      }
    }
    return tags;
  }

  /** An image without a label keeps no tags that a copy brought along from one with. */
  private static List<Tag> cleaned(List<Tag> present) {
    Set<String> names = new TreeSet<>();
    present.forEach(tag -> names.add(tag.key()));
    return names.containsAll(OURS) ? others(present) : present;
  }

  private static List<Tag> others(List<Tag> tags) {
    return tags.stream().filter(tag -> !OURS.contains(tag.key())).toList();
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
