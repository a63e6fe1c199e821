package io.pigeonhole.label;

import java.util.Optional;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * The results in the results bucket. The newest wins, by conditional writes: of two writers, the
 * one that has seen the other's result decides. All methods throw {@link SdkException} when S3 does
 * not answer as it should.
 */
final class Results {
  private static final int TRIES = 20;

  private final S3Client s3;
  private final String bucket;

  Results(S3Client s3, String bucket) {
    this.s3 = s3;
    this.bucket = bucket;
  }

  /**
   * What is in the bucket.
   *
   * @param result empty if there is none, or what is there is none
   * @param etag of the object; empty if there is none
   */
  record Stored(Optional<Result> result, Optional<String> etag) {
    static final Stored NOTHING = new Stored(Optional.empty(), Optional.empty());

    boolean isLabelBy(Result.ModelId model, String etag) {
      return result.isPresent()
          && result.get() instanceof Result.Labeled labeled
          && labeled.answers(etag, model);
    }

    boolean isAbout(String etag) {
      return result.isPresent() && result.get().object().etag().equals(etag);
    }
  }

  Stored read(String key) {
    try {
      return stored(s3.getObjectAsBytes(get(key).build()));
    } catch (NoSuchKeyException e) {
      return Stored.NOTHING;
    }
  }

  /** What is in the bucket now, if that is not what was seen there. */
  Optional<Stored> readIfChanged(String key, Stored seen) {
    try {
      GetObjectRequest.Builder get = get(key);
      seen.etag().ifPresent(get::ifNoneMatch);
      return Optional.of(stored(s3.getObjectAsBytes(get.build())));
    } catch (NoSuchKeyException e) {
      return seen.etag().isEmpty() ? Optional.empty() : Optional.of(Stored.NOTHING);
    } catch (S3Exception e) {
      if (e.statusCode() == 304) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * Puts a result in place, unless a newer one is there.
   *
   * @param seen what was there before the image was read
   * @return what is there now: this result, or the newer one
   */
  Stored offer(Result result, Stored seen) {
    String key = result.object().key();
    Stored stored = seen;
    for (int i = 0; i < TRIES; i++) {
      boolean there = stored.etag().equals(seen.etag());
      if (stored.result().isPresent() && !result.replaces(stored.result().get(), there)) {
        return stored;
      }
      Result placed = stored.result().map(result::inPlaceOf).orElse(result);
      Optional<String> etag = write(placed, stored.etag());
      if (etag.isPresent()) {
        return new Stored(Optional.of(placed), etag);
      }
      stored = read(key);
    }
    throw new IllegalStateException(
        "the result of %s changed %d times while being replaced".formatted(Quoted.of(key), TRIES));
  }

  /**
   * Puts a result in the place of the one seen there.
   *
   * @return what is there now; empty if that was no longer there
   */
  Optional<Stored> replace(Result result, Stored seen) {
    return write(result, seen.etag())
        .map(etag -> new Stored(Optional.of(result), Optional.of(etag)));
  }

  /** The ETag of what was written; empty if the object has not the ETag expected. */
  private Optional<String> write(Result result, Optional<String> etag) {
    PutObjectRequest.Builder put =
        PutObjectRequest.builder()
            .bucket(bucket)
            .key(ResultLayout.result(result.object().key()))
            .contentType("application/json");
    if (etag.isPresent()) {
      put.ifMatch(etag.get());
    } else {
      put.ifNoneMatch("*");
    }
    try {
      byte[] json = ResultJson.write(result);
      return Optional.of(s3.putObject(put.build(), RequestBody.fromBytes(json)).eTag());
    } catch (S3Exception e) {
      // 412: it is another; 404: it is no more; 409: somebody else is writing
      if (e.statusCode() == 412
          || e.statusCode() == 409
          || (e.statusCode() == 404 && etag.isPresent())) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private GetObjectRequest.Builder get(String key) {
    return GetObjectRequest.builder().bucket(bucket).key(ResultLayout.result(key));
  }

  private static Stored stored(ResponseBytes<GetObjectResponse> response) {
    return new Stored(
        ResultJson.read(response.asByteArrayUnsafe()), Optional.of(response.response().eTag()));
  }
}
