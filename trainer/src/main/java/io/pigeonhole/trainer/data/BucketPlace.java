package io.pigeonhole.trainer.data;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * The part of a bucket below a prefix. Needs {@code s3:ListBucket} and {@code s3:GetObject}.
 *
 * @param prefix what every key begins with: empty, or a path that ends with {@code /}
 */
record BucketPlace(S3Client s3, String bucket, String prefix) implements ImagePlace {

  private static final String FOLDER = "/";

  /** Requests wait for the network most of the time. */
  private static final int THREADS = 16;

  /** It is gone; somebody else's; stored where it takes hours to get it from; another by now. */
  private static final Set<Integer> ONLY_THIS_ONE = Set.of(404, 403, 412);

  @Override
  public String name() {
    return "s3://" + bucket + "/" + prefix;
  }

  @Override
  public void list(Found found) throws IOException, InvalidDataException {
    try {
      for (S3Object object :
          s3.listObjectsV2Paginator(
                  r -> r.bucket(bucket).prefix(prefix).encodingType(EncodingType.URL))
              .contents()) {
        String key = object.key().substring(prefix.length());
        if (key.endsWith(FOLDER)) {
          found.folder(key.substring(0, key.length() - 1));
        } else if (!key.isEmpty()) {
          found.file(key, object.size(), unquoted(object.eTag()));
        }
      }
    } catch (SdkException e) {
      throw new IOException("cannot list %s: %s".formatted(name(), e.getMessage()), e);
    }
  }

  @Override
  public Set<String> folders(String folder) throws IOException {
    String start = folder.isEmpty() ? prefix : prefix + folder + FOLDER;
    try {
      return s3
          .listObjectsV2Paginator(
              r -> r.bucket(bucket).prefix(start).delimiter(FOLDER).encodingType(EncodingType.URL))
          .commonPrefixes()
          .stream()
          .map(common -> common.prefix().substring(start.length(), common.prefix().length() - 1))
          .collect(Collectors.toSet());
    } catch (SdkException e) {
      throw new IOException("cannot list %s: %s".formatted(name(), e.getMessage()), e);
    }
  }

  @Override
  public Map<String, Stored> files(String folder) throws IOException {
    String start = folder.isEmpty() ? prefix : prefix + folder + FOLDER;
    Map<String, Stored> files = new HashMap<>();
    try {
      for (S3Object object :
          s3.listObjectsV2Paginator(
                  r ->
                      r.bucket(bucket)
                          .prefix(start)
                          .delimiter(FOLDER)
                          .encodingType(EncodingType.URL))
              .contents()) {
        String name = object.key().substring(start.length());
        if (!name.isEmpty()) {
          files.put(name, new Stored(object.size(), unquoted(object.eTag())));
        }
      }
      return files;
    } catch (SdkException e) {
      throw new IOException("cannot list %s: %s".formatted(name(), e.getMessage()), e);
    }
  }

  @Override
  public byte[] read(String key, String stamp) throws IOException, MissingImageException {
    try {
      return s3.getObjectAsBytes(r -> r.bucket(bucket).key(prefix + key).ifMatch(quoted(stamp)))
          .asByteArrayUnsafe();
    } catch (S3Exception e) {
      if (ONLY_THIS_ONE.contains(e.statusCode())) {
        throw new MissingImageException(e);
      }
      throw failed(key, e);
    } catch (SdkException e) {
      throw failed(key, e);
    }
  }

  private IOException failed(String key, SdkException e) {
    return new IOException("cannot read %s%s: %s".formatted(name(), key, e.getMessage()), e);
  }

  @Override
  public boolean has(String key, String stamp, String etag) {
    return stamp.equals(etag);
  }

  @Override
  public String object(String key) {
    return bucket + "/" + prefix + key;
  }

  @Override
  public int threads() {
    return Math.max(THREADS, Runtime.getRuntime().availableProcessors());
  }

  static String quoted(String etag) {
    return '"' + etag + '"';
  }

  static String unquoted(String etag) {
    return etag.replace("\"", "");
  }
}
