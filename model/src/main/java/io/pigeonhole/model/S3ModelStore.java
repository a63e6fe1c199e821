package io.pigeonhole.model;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * A models bucket in S3. Conditional writes are S3's own (<a
 * href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html">conditional
 * writes</a>). Needs {@code s3:GetObject}, {@code s3:PutObject} and {@code s3:ListBucket}, and
 * {@code s3:DeleteObject} to delete.
 */
public final class S3ModelStore implements ModelStore {
  private static final int NOT_MODIFIED = 304;
  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;
  private static final int PRECONDITION_FAILED = 412;

  private final S3Client s3;
  private final String bucket;
  private final String prefix;

  public S3ModelStore(S3Client s3, String bucket) {
    this(s3, bucket, "");
  }

  /**
   * The part of a bucket below a prefix.
   *
   * @param prefix what every key begins with: empty, or a path that ends with {@code /}
   */
  public S3ModelStore(S3Client s3, String bucket, String prefix) {
    this.s3 = s3;
    this.bucket = bucket;
    this.prefix = prefix;
  }

  @Override
  public Fetched get(String key) throws IOException {
    return fetch(key, request(key));
  }

  @Override
  public Fetched getIfChanged(String key, String etag) throws IOException {
    return fetch(key, request(key).ifNoneMatch(etag));
  }

  @Override
  public InputStream open(String key) throws IOException {
    try {
      return s3.getObject(request(key).build());
    } catch (NoSuchKeyException e) {
      throw new NoSuchFileException(name(key));
    } catch (SdkException e) {
      throw failed("read", key, e);
    }
  }

  @Override
  public void put(String key, Path file) throws IOException {
    try {
      s3.putObject(write(key).build(), RequestBody.fromFile(file));
    } catch (SdkException e) {
      throw failed("write", key, e);
    }
  }

  @Override
  public boolean putIfMatch(String key, byte[] bytes, Optional<String> etag) throws IOException {
    PutObjectRequest.Builder request = write(key).contentType("application/json");
    etag.ifPresentOrElse(request::ifMatch, () -> request.ifNoneMatch("*"));
    try {
      s3.putObject(request.build(), RequestBody.fromBytes(bytes));
      return true;
    } catch (S3Exception e) {
      return switch (e.statusCode()) {
        // 404: the object that should have matched was deleted. 409: a write was under way. Of a
        // request that was repeated, the first may have written, and its answer been lost.
        case PRECONDITION_FAILED, CONFLICT -> wasRepeated(e) && holds(key, bytes);
        case NOT_FOUND -> {
          if (etag.isPresent() && e instanceof NoSuchKeyException) {
            yield false;
          }
          throw failed("write", key, e);
        }
        default -> throw failed("write", key, e);
      };
    } catch (SdkException e) {
      throw failed("write", key, e);
    }
  }

  private static boolean wasRepeated(S3Exception e) {
    return e.numAttempts() != null && e.numAttempts() > 1;
  }

  private boolean holds(String key, byte[] bytes) throws IOException {
    return get(key) instanceof Fetched.Found found && Arrays.equals(found.bytes(), bytes);
  }

  @Override
  public void delete(String key) throws IOException {
    try {
      s3.deleteObject(r -> r.bucket(bucket).key(prefix + key));
    } catch (SdkException e) {
      throw failed("delete", key, e);
    }
  }

  @Override
  public List<String> list(String keyPrefix) throws IOException {
    try {
      return s3
          .listObjectsV2Paginator(
              // XML has no way to say some of the characters that a key may have
              r -> r.bucket(bucket).prefix(prefix + keyPrefix).encodingType(EncodingType.URL))
          .contents()
          .stream()
          .map(S3Object::key)
          .map(key -> key.substring(prefix.length()))
          .toList();
    } catch (SdkException e) {
      throw failed("list", keyPrefix, e);
    }
  }

  private Fetched fetch(String key, GetObjectRequest.Builder request) throws IOException {
    try (ResponseInputStream<GetObjectResponse> in = s3.getObject(request.build())) {
      return new Fetched.Found(Small.read(in, name(key)), in.response().eTag());
    } catch (NoSuchKeyException e) {
      return new Fetched.Missing();
    } catch (S3Exception e) {
      if (e.statusCode() == NOT_MODIFIED) {
        return new Fetched.Unchanged();
      }
      throw failed("read", key, e);
    } catch (SdkException e) {
      throw failed("read", key, e);
    }
  }

  private GetObjectRequest.Builder request(String key) {
    return GetObjectRequest.builder().bucket(bucket).key(prefix + key);
  }

  private PutObjectRequest.Builder write(String key) {
    return PutObjectRequest.builder().bucket(bucket).key(prefix + key);
  }

  private String name(String key) {
    return "s3://" + bucket + "/" + prefix + key;
  }

  private IOException failed(String verb, String key, SdkException e) {
    return new IOException("cannot " + verb + " " + name(key) + ": " + reason(e), e);
  }

  /** The SDK's own message on credentials is a list of all the places where it looked. */
  private static String reason(SdkException e) {
    String message = String.valueOf(e.getMessage());
    return message.startsWith("Unable to load credentials")
        ? "no AWS credentials, neither in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY nor in any"
            + " other place where the AWS CLI looks (a server of one's own may take any)"
        : message;
  }
}
