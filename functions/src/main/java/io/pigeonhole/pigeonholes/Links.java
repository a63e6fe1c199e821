package io.pigeonhole.pigeonholes;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import software.amazon.awssdk.services.s3.presigner.model.PresignedPutObjectRequest;

/**
 * Addresses of images that whoever has them may use for a while, without credentials (<a
 * href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html">presigned
 * URLs</a>). They allow what the function's own role allows.
 */
public final class Links {
  private static final Duration VALID = Duration.ofHours(1);
  private static final Duration UPLOAD = Duration.ofMinutes(15);

  private final S3Presigner presigner;
  private final String bucket;
  private final Clock clock;

  /** Addresses of the images in a bucket. */
  public Links(S3Presigner presigner, String bucket, Clock clock) {
    this.presigner = presigner;
    this.bucket = bucket;
    this.clock = clock;
  }

  /** How to put an image into the bucket: a request with this method, URL and these headers. */
  record Upload(String url, Map<String, String> headers, Instant expiresAt) {}

  /** Whether the bucket is the one that these addresses lead to. */
  boolean reach(String otherBucket) {
    return bucket.equals(otherBucket);
  }

  /** Where an image can be read for an hour. */
  String image(String key) {
    return presigner
        .presignGetObject(
            p -> p.signatureDuration(VALID).getObjectRequest(get -> get.bucket(bucket).key(key)))
        .url()
        .toString();
  }

  /**
   * Changes twice in the time that addresses are good for: who has an address of the present epoch
   * can still use it for half of that time.
   */
  long epoch() {
    return clock.millis() / VALID.dividedBy(2).toMillis();
  }

  /**
   * Where an image of exactly this size and type can be put for a quarter of an hour, and once: S3
   * refuses to <a
   * href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html">write over
   * what is there</a>.
   */
  Upload upload(String key, String type, long size) {
    PresignedPutObjectRequest signed =
        presigner.presignPutObject(
            p ->
                p.signatureDuration(UPLOAD)
                    .putObjectRequest(
                        put ->
                            put.bucket(bucket)
                                .key(key)
                                .contentType(type)
                                .contentLength(size)
                                .ifNoneMatch("*")));
    return new Upload(
        signed.url().toString(),
        Map.of("Content-Type", type, "If-None-Match", "*"),
        clock.instant().plus(UPLOAD));
  }

  /** The origin of all these addresses, for a page's Content-Security-Policy. */
  public String origin() {
    URI any = URI.create(image("any"));
    return any.getScheme() + "://" + any.getAuthority();
  }
}
