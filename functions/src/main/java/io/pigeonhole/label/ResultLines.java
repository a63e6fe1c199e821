package io.pigeonhole.label;

import java.io.ByteArrayOutputStream;
import java.util.Collection;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Many results in one object: <a href="https://jsonlines.org">JSON Lines</a>, one result a line.
 */
final class ResultLines {
  private final S3Client s3;
  private final String bucket;

  ResultLines(S3Client s3, String bucket) {
    this.s3 = s3;
    this.bucket = bucket;
  }

  /**
   * Writes results, in the place of what has this name; nothing if there are none.
   *
   * @param name see {@link ResultLayout#lines}
   * @throws SdkException if S3 does not take them
   */
  void write(Collection<Result> results, String name) {
    if (results.isEmpty()) {
      return;
    }
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    for (Result result : results) {
      lines.writeBytes(ResultJson.write(result));
      lines.write('\n');
    }
    s3.putObject(
        put -> put.bucket(bucket).key(ResultLayout.lines(name)).contentType("application/x-ndjson"),
        RequestBody.fromBytes(lines.toByteArray()));
  }
}
