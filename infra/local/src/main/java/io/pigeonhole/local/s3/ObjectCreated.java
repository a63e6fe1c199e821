package io.pigeonhole.local.s3;

import java.time.Instant;
import java.util.Optional;

/**
 * An object that has just been stored.
 *
 * @param how the kind of request that created it
 * @param key as S3 has it, not URL-encoded
 * @param etag without quotes
 * @param versionId only where the bucket is versioned
 * @param requestId of the request, as the client saw it
 * @param sourceAddress of the client
 */
public record ObjectCreated(
    How how,
    String bucket,
    String key,
    long size,
    String etag,
    Optional<String> versionId,
    Instant at,
    String requestId,
    String sourceAddress) {

  /** The ways to create an object that S3 tells apart in an event's name. */
  public enum How {
    PUT("ObjectCreated:Put"),
    POST("ObjectCreated:Post"),
    COPY("ObjectCreated:Copy"),
    COMPLETE_MULTIPART_UPLOAD("ObjectCreated:CompleteMultipartUpload");

    private final String eventName;

    How(String eventName) {
      this.eventName = eventName;
    }

    /** As it stands in an event record. */
    public String eventName() {
      return eventName;
    }
  }
}
