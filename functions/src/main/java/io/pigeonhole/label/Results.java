package io.pigeonhole.label;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
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
  private final HeadStart headStart;

  Results(S3Client s3, String bucket, HeadStart headStart) {
    this.s3 = s3;
    this.bucket = bucket;
    this.headStart = headStart;
  }

  /**
   * What is in the bucket.
   *
   * @param result empty if there is none, or what is there is none
   * @param etag of the object; empty if there is none
   * @param left of its writer's head start, when this was read
   */
  record Stored(Optional<Result> result, Optional<String> etag, Duration left) {
    static final Stored NOTHING = new Stored(Optional.empty(), Optional.empty(), Duration.ZERO);

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

  /** What came of an offer: what is there now, and whether the offer is the first that was. */
  record Offered(Stored inForce, boolean first) {}

  /**
   * Puts a result in place, unless a newer one is there.
   *
   * @param seen what was there, if that is known
   * @param model by which it is
   * @param newest tells the ETag of the image that is there now; empty if none is
   */
  Offered offer(Result result, Stored seen, Result.ModelId model, Supplier<String> newest) {
    String key = result.object().key();
    Stored stored = seen;
    for (int i = 0; i < TRIES; i++) {
      Result placed = result;
      if (stored.result().isPresent()) {
        Result there = stored.result().get();
        Result answer =
            stored.isLabelBy(model, result.object().etag()) ? there.about(result.object()) : result;
        if (!answer.replaces(there, model, newest)) {
          return new Offered(stored, false);
        }
        placed = answer.inPlaceOf(there);
      }
      Optional<Stored> written = replace(placed, stored);
      if (written.isPresent()) {
        return new Offered(written.get(), stored.etag().isEmpty());
      }
      stored = read(key);
    }
    throw new IllegalStateException(
        "the result of %s changed %d times while being replaced".formatted(Quoted.of(key), TRIES));
  }

  /**
   * Puts a result in the place of what was seen there, once that has its head start behind it.
   *
   * @return what is there now; empty if that was no longer there
   */
  Optional<Stored> replace(Result result, Stored seen) {
    headStart.await(seen.left());
    return write(result, seen.etag())
        .map(etag -> new Stored(Optional.of(result), Optional.of(etag), headStart.others()));
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

  private Stored stored(ResponseBytes<GetObjectResponse> response) {
    return new Stored(
        ResultJson.read(response.asByteArrayUnsafe()),
        Optional.of(response.response().eTag()),
        headStart.left(response.response()));
  }
}
