package io.pigeonhole.label;

import java.util.List;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** The index objects of the results bucket: one for each image and list that it is in. */
final class LabelIndex {
  private final S3Client s3;
  private final String bucket;

  LabelIndex(S3Client s3, String bucket) {
    this.s3 = s3;
    this.bucket = bucket;
  }

  /**
   * Puts the image into the lists that it belongs to, and takes it out of those that it was in.
   *
   * @return whether it belongs to any, or was in any
   */
  boolean follow(Result result) {
    String key = result.object().key();
    List<String> lists = result instanceof Result.Labeled labeled ? labeled.lists() : List.of();
    for (String list : lists) {
      s3.putObject(
          put -> put.bucket(bucket).key(ResultLayout.index(list, key)), RequestBody.empty());
    }
    for (String former : result.formerLabels()) {
      s3.deleteObject(delete -> delete.bucket(bucket).key(ResultLayout.index(former, key)));
    }
    return !lists.isEmpty() || !result.formerLabels().isEmpty();
  }
}
