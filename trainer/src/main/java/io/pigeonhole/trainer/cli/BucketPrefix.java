package io.pigeonhole.trainer.cli;

/**
 * A part of S3.
 *
 * @param prefix of the keys: empty, or ending with a slash
 */
record BucketPrefix(String bucket, String prefix) {

  private static final String SCHEME = "s3://";

  /** Whether a text means S3. */
  static boolean isOne(String place) {
    return place.startsWith(SCHEME);
  }

  /** Reads {@code s3://bucket[/prefix]}. */
  static BucketPrefix of(String place) {
    String rest = place.substring(SCHEME.length());
    int slash = rest.indexOf('/');
    String bucket = slash < 0 ? rest : rest.substring(0, slash);
    String prefix = slash < 0 ? "" : rest.substring(slash + 1);
    if (bucket.isEmpty()) {
      throw new IllegalArgumentException("'" + place + "' names no bucket: s3://bucket[/prefix]");
    }
    return new BucketPrefix(
        bucket, prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/");
  }
}
