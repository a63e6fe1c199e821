package io.pigeonhole.pigeonholes;

import io.pigeonhole.api.Problem;
import io.pigeonhole.api.ProblemException;
import io.pigeonhole.content.ContentEncoding;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** The objects of a bucket, up to a size. */
public final class StoredObjects {
  private static final int MAX_KEY_BYTES = 1024;

  /** What S3 answers to a key that no object can have, such as one with a NUL. */
  private static final int UNTHINKABLE = 400;

  private final S3Client s3;
  private final String bucket;
  private final long maxBytes;

  public StoredObjects(S3Client s3, String bucket, long maxBytes) {
    this.s3 = s3;
    this.bucket = bucket;
    this.maxBytes = maxBytes;
  }

  /**
   * An object, whole.
   *
   * @param etag without quotes
   */
  @SuppressWarnings("ArrayRecordComponent") // read once, never compared
  public record Found(byte[] bytes, ContentEncoding encoding, String etag) {}

  /** The most bytes of an object, encoded or not. */
  public long maxBytes() {
    return maxBytes;
  }

  /**
   * An object; empty if there is none.
   *
   * @throws ProblemException if it is larger than allowed; it is not read then
   */
  public Optional<Found> read(String key) throws ProblemException, IOException {
    if (key.getBytes(StandardCharsets.UTF_8).length > MAX_KEY_BYTES) {
      return Optional.empty();
    }
    try (ResponseInputStream<GetObjectResponse> in =
        s3.getObject(get -> get.bucket(bucket).key(key))) {
      if (in.response().contentLength() > maxBytes) {
        in.abort();
        throw Problem.of(
                413, "%d bytes are more than %d".formatted(in.response().contentLength(), maxBytes))
            .coded("too-large")
            .exception();
      }
      String encoding = in.response().contentEncoding();
      return Optional.of(
          new Found(
              in.readAllBytes(),
              ContentEncoding.of(encoding == null ? "" : encoding),
              in.response().eTag().replace("\"", "")));
    } catch (NoSuchKeyException e) {
      return Optional.empty();
    } catch (S3Exception e) {
      if (e.statusCode() == UNTHINKABLE) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
