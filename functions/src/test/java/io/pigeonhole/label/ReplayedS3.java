package io.pigeonhole.label;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Serial;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.GetObjectTaggingRequest;
import software.amazon.awssdk.services.s3.model.GetObjectTaggingResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectTaggingRequest;
import software.amazon.awssdk.services.s3.model.PutObjectTaggingResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.Tag;
import software.amazon.awssdk.utils.DateUtils;

/**
 * S3, and a clock, as code sees them of which the first requests were answered: these it answers
 * again in the same way, and at the next it throws {@link Pending}, which nothing catches. So code
 * that was run up to a request goes on by being run anew with one answer more.
 */
final class ReplayedS3 implements S3Client, HeadStart.Time {
  private static final Instant EPOCH = Instant.parse("2026-01-15T09:30:00Z");

  private final List<Exchange> past;
  private int next;

  ReplayedS3(List<Exchange> past) {
    this.past = past;
  }

  /**
   * What is asked for.
   *
   * @param condition an ETag, {@code *} for none that is there, or empty
   */
  record Request(Kind kind, String path, String condition, String body) {}

  /** What requests do; the last two are not to S3, but moments at which others may do theirs. */
  enum Kind {
    GET,
    HEAD,
    PUT,
    DELETE,
    GET_TAGS,
    PUT_TAGS,
    CLOCK,
    SLEEP
  }

  /**
   * What S3 answers.
   *
   * @param body of tags, one a line
   * @param seconds how old the object is, or how late it is
   */
  record Reply(int status, String body, String etag, int tags, int seconds) {}

  /** A request that was answered. */
  record Exchange(Request request, Reply reply) {}

  /** Thrown at a request that was not answered. */
  static final class Pending extends Error {
    @Serial private static final long serialVersionUID = 1;

    private final transient Request request;

    Pending(Request request) {
      super(request.toString(), null, false, false);
      this.request = request;
    }

    Request request() {
      return request;
    }
  }

  private Reply ask(Kind kind, String path, String condition, String body) {
    Request request = new Request(kind, path, condition, body);
    if (next == past.size()) {
      throw new Pending(request);
    }
    Exchange exchange = past.get(next++);
    if (!exchange.request().equals(request)) {
      throw new AssertionError("%s the first time, %s now".formatted(exchange.request(), request));
    }
    Reply reply = exchange.reply();
    if (reply.status() == 404) {
      throw NoSuchKeyException.builder().statusCode(404).message("no such key").build();
    }
    if (reply.status() >= 300) {
      throw S3Exception.builder().statusCode(reply.status()).message("refused").build();
    }
    return reply;
  }

  private static String path(String bucket, String key) {
    return bucket + "/" + key;
  }

  @Override
  public HeadStart.Moment now() {
    int second = ask(Kind.CLOCK, "", "", "").seconds();
    return new HeadStart.Moment(Duration.ofSeconds(second).toNanos(), EPOCH.plusSeconds(second));
  }

  @Override
  public void sleep(Duration duration) {
    ask(Kind.SLEEP, "", "", String.valueOf(duration.toSeconds()));
  }

  @Override
  public <T> T getObject(
      GetObjectRequest get, ResponseTransformer<GetObjectResponse, T> transformer) {
    String condition = Optional.ofNullable(get.ifNoneMatch()).orElse("");
    Reply reply = ask(Kind.GET, path(get.bucket(), get.key()), condition, "");
    byte[] body = reply.body().getBytes(UTF_8);
    GetObjectResponse.Builder response =
        GetObjectResponse.builder()
            .eTag(reply.etag())
            .contentLength((long) body.length)
            .tagCount(reply.tags() == 0 ? null : reply.tags())
            .lastModified(EPOCH);
    response.sdkHttpResponse(
        SdkHttpResponse.builder()
            .statusCode(200)
            .putHeader("Date", DateUtils.formatRfc822Date(EPOCH.plusSeconds(reply.seconds())))
            .build());
    try {
      return transformer.transform(
          response.build(), AbortableInputStream.create(new ByteArrayInputStream(body)));
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public HeadObjectResponse headObject(HeadObjectRequest head) {
    Reply reply = ask(Kind.HEAD, path(head.bucket(), head.key()), "", "");
    return HeadObjectResponse.builder().eTag(reply.etag()).build();
  }

  @Override
  public PutObjectResponse putObject(PutObjectRequest put, RequestBody content) {
    String condition =
        Optional.ofNullable(put.ifMatch())
            .or(() -> Optional.ofNullable(put.ifNoneMatch()))
            .orElse("");
    String body;
    try {
      body = new String(content.contentStreamProvider().newStream().readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Reply reply = ask(Kind.PUT, path(put.bucket(), put.key()), condition, body);
    return PutObjectResponse.builder().eTag(reply.etag()).build();
  }

  @Override
  public DeleteObjectResponse deleteObject(DeleteObjectRequest delete) {
    ask(Kind.DELETE, path(delete.bucket(), delete.key()), "", "");
    return DeleteObjectResponse.builder().build();
  }

  @Override
  public GetObjectTaggingResponse getObjectTagging(GetObjectTaggingRequest get) {
    Reply reply = ask(Kind.GET_TAGS, path(get.bucket(), get.key()), "", "");
    return GetObjectTaggingResponse.builder()
        .tagSet(
            reply
                .body()
                .lines()
                .map(line -> line.split("=", 2))
                .map(tag -> Tag.builder().key(tag[0]).value(tag[1]).build())
                .toList())
        .build();
  }

  @Override
  public PutObjectTaggingResponse putObjectTagging(PutObjectTaggingRequest put) {
    ask(Kind.PUT_TAGS, path(put.bucket(), put.key()), "", lines(put.tagging().tagSet()));
    return PutObjectTaggingResponse.builder().build();
  }

  private static String lines(Collection<Tag> tags) {
    Map<String, String> sorted = new TreeMap<>();
    tags.forEach(tag -> sorted.put(tag.key(), tag.value()));
    StringBuilder lines = new StringBuilder();
    sorted.forEach((name, value) -> lines.append(name).append('=').append(value).append('\n'));
    return lines.toString();
  }

  @Override
  public String serviceName() {
    return "s3";
  }

  @Override
  public void close() {
    // holds nothing
  }
}
