package io.pigeonhole.classify;

import java.io.IOException;
import java.util.Optional;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/** The objects of a bucket, up to a size. */
final class ImageSource {
  private final S3Client s3;
  private final String bucket;
  private final long maxBytes;

  ImageSource(S3Client s3, String bucket, long maxBytes) {
    this.s3 = s3;
    this.bucket = bucket;
    this.maxBytes = maxBytes;
  }

  /**
   * An object, whole; empty if there is none.
   *
   * @throws ProblemException if it is larger than allowed; it is not read then
   */
  Optional<byte[]> read(String key) throws ProblemException, IOException {
    try (ResponseInputStream<GetObjectResponse> in =
        s3.getObject(get -> get.bucket(bucket).key(key))) {
      if (in.response().contentLength() > maxBytes) {
        in.abort();
        throw ImageProblem.tooLarge(in.response().contentLength(), maxBytes).exception();
      }
      return Optional.of(in.readAllBytes());
    } catch (NoSuchKeyException e) {
      return Optional.empty();
    }
  }
}
