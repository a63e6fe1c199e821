package io.pigeonhole.pigeonholes;

import io.pigeonhole.label.ResultLayout;
import io.pigeonhole.model.StoredLabel;
import java.util.List;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The index in the results bucket: each method is one request, however full the bucket is. */
public final class Listing {
  /** S3 lists no more at once. */
  static final int MAX = 1000;

  /** XML has no way to say some of the characters that a key may have. */
  private static final EncodingType ENCODING = EncodingType.URL;

  private final S3Client s3;
  private final String bucket;
  private final ImageKeys keys;

  /**
   * Lists the index of a results bucket.
   *
   * @param keys of the images that are listed
   */
  public Listing(S3Client s3, String bucket, ImageKeys keys) {
    this.s3 = s3;
    this.bucket = bucket;
    this.keys = keys;
  }

  /**
   * A part of a list.
   *
   * @param more whether it goes on
   */
  record Part(List<String> names, boolean more) {}

  /**
   * The images of a list: what follows its prefix, in order.
   *
   * @param list a label, or one of {@link ResultLayout}'s other lists
   * @param after only those after this one; all if empty
   * @param limit at most {@link #MAX}
   */
  Part images(String list, String after, int limit) {
    String prefix = ResultLayout.prefix(list);
    ListObjectsV2Response page =
        s3.listObjectsV2(
            request -> {
              request
                  .bucket(bucket)
                  .prefix(prefix + keys.prefix())
                  .maxKeys(limit)
                  .encodingType(ENCODING);
              if (!after.isEmpty()) {
                request.startAfter(prefix + after);
              }
            });
    List<String> names =
        page.contents().stream().map(S3Object::key).map(k -> k.substring(prefix.length())).toList();
    return new Part(names, Boolean.TRUE.equals(page.isTruncated()));
  }

  /** The labels that have images. */
  Part labels() {
    String prefix = ResultLayout.BY_LABEL;
    ListObjectsV2Response page =
        s3.listObjectsV2(
            r ->
                r.bucket(bucket).prefix(prefix).delimiter("/").maxKeys(MAX).encodingType(ENCODING));
    List<String> labels =
        page.commonPrefixes().stream()
            .map(CommonPrefix::prefix)
            .map(p -> StoredLabel.labelOf(p.substring(prefix.length(), p.length() - 1)))
            .toList();
    return new Part(labels, Boolean.TRUE.equals(page.isTruncated()));
  }
}
