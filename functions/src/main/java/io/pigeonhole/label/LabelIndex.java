package io.pigeonhole.label;

import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** The index objects of the results bucket: one for each label and image that has it. */
final class LabelIndex {
  private final S3Client s3;
  private final String bucket;

  LabelIndex(S3Client s3, String bucket) {
    this.s3 = s3;
    this.bucket = bucket;
  }

  /** Lists the image under its label, and no longer under those that it had. */
  void follow(Result result) {
    String key = result.object().key();
    if (result instanceof Result.Labeled labeled) {
      s3.putObject(
          put -> put.bucket(bucket).key(ResultLayout.index(labeled.label(), key)),
          RequestBody.empty());
    }
    for (String former : result.formerLabels()) {
      s3.deleteObject(delete -> delete.bucket(bucket).key(ResultLayout.index(former, key)));
    }
  }
}
