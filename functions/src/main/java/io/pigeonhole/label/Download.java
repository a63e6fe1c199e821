package io.pigeonhole.label;

import io.pigeonhole.content.ContentEncoding;
import java.io.IOException;
import software.amazon.awssdk.core.exception.NonRetryableException;
import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.InvalidObjectStateException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Reads images. What is too large, or already known, is seen by its headers: its body is not read.
 * Always reads the newest version: that is the one whose label counts.
 */
final class Download {
  private final S3Client s3;
  private final long maxBytes;

  Download(S3Client s3, long maxBytes) {
    this.s3 = s3;
    this.maxBytes = maxBytes;
  }

  /** The most bytes of an image, encoded or not. */
  long maxBytes() {
    return maxBytes;
  }

  /** What came of it. */
  sealed interface Fetched {

    /** The image. */
    @SuppressWarnings("ArrayRecordComponent") // read once, never compared
    record Body(
        byte[] bytes, ContentEncoding encoding, String versionId, String etag, boolean untagged)
        implements Fetched {}

    /** Its content is known already. */
    record Known(String versionId, String etag) implements Fetched {}

    /** It has more bytes than allowed. */
    record TooLarge(long bytes, String versionId, String etag, boolean untagged)
        implements Fetched {}

    /** It lies in an archive, from which it has to be restored before it can be read. */
    record Archived(String versionId, String etag) implements Fetched {}

    /** There is no such object any more. */
    record Gone() implements Fetched {}
  }

  /**
   * Told the size of a body before it is read, and of what may come out of it; may wait until there
   * is room for both.
   */
  interface Admission {
    void admit(long bytes) throws InterruptedException;
  }

  /** Told the ETag of an image, and whether it has no tags, before its body is read. */
  interface Known {

    /** Whether nothing more need be known of it. */
    boolean test(String etag, boolean untagged);
  }

  /**
   * Reads an image. A connection that breaks is tried again as the client is configured to.
   *
   * @throws SdkException if S3 does not answer as it should
   */
  Fetched fetch(ImageEvent event, Known known, Admission admission) {
    try {
      return s3.getObject(
          get -> get.bucket(event.bucket()).key(event.key()), reader(known, admission));
    } catch (NoSuchKeyException e) {
      return new Fetched.Gone();
    } catch (InvalidObjectStateException e) {
      return archived(event);
    } catch (NonRetryableException e) {
      // what went wrong while finding out what is known
      throw e.getCause() instanceof SdkException cause ? cause : e;
    } catch (S3Exception e) {
      // a delete marker answers 404 without a body
      String code = e.awsErrorDetails() == null ? "" : e.awsErrorDetails().errorCode();
      if (e.statusCode() == 404 && !"NoSuchBucket".equals(code)) {
        return new Fetched.Gone();
      }
      throw e;
    }
  }

  private ResponseTransformer<GetObjectResponse, Fetched> reader(Known known, Admission admission) {
    return (response, body) -> {
      String etag = etag(response.eTag());
      String versionId = versionId(response.versionId());
      // left out by S3 if there are none
      boolean untagged = response.tagCount() == null || response.tagCount() == 0;
      if (known.test(etag, untagged)) {
        body.abort();
        return new Fetched.Known(versionId, etag);
      }
      long size = response.contentLength();
      if (size > maxBytes) {
        body.abort();
        return new Fetched.TooLarge(size, versionId, etag, untagged);
      }
      ContentEncoding encoding = encoding(response.contentEncoding());
      admission.admit(encoding.isNone() ? size : size + maxBytes);
      return new Fetched.Body(read(body, (int) size), encoding, versionId, etag, untagged);
    };
  }

  private Fetched archived(ImageEvent event) {
    HeadObjectResponse head =
        s3.headObject(request -> request.bucket(event.bucket()).key(event.key()));
    return new Fetched.Archived(versionId(head.versionId()), etag(head.eTag()));
  }

  /** In quotes in the header, without in events. */
  private static String etag(String header) {
    return header.replace("\"", "");
  }

  private static String versionId(String header) {
    return header == null ? "" : header;
  }

  private static ContentEncoding encoding(String header) {
    return ContentEncoding.of(header == null ? "" : header);
  }

  private static byte[] read(AbortableInputStream body, int size) {
    try {
      byte[] bytes = new byte[size];
      // readNBytes would take it in pieces of 8 KiB
      int length = 0;
      for (int n = 0; n >= 0 && length < size; n = body.read(bytes, length, size - length)) {
        length += n;
      }
      // reading the end makes the client compare the checksum
      if (length < size || body.read() >= 0) {
        throw RetryableException.create(
            "the body has not the %d bytes that its headers say".formatted(size));
      }
      return bytes;
    } catch (IOException e) {
      throw RetryableException.create("the body broke off: " + e.getMessage(), e);
    }
  }
}
