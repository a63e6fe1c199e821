package io.pigeonhole.label;

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

  /** Puts the image into the lists that it belongs to, and takes it out of those that it was in. */
  void follow(Result result) {
    String key = result.object().key();
    if (result instanceof Result.Labeled labeled) {
      for (String list : labeled.lists()) {
        s3.putObject(
            put -> put.bucket(bucket).key(ResultLayout.index(list, key)), RequestBody.empty());
      }
    }
    for (String former : result.formerLabels()) {
      s3.deleteObject(delete -> delete.bucket(bucket).key(ResultLayout.index(former, key)));
    }
  }
}
