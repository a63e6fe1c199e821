package io.pigeonhole.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * As much of S3 as there is to say of single objects: they are put, on a condition too, got, and
 * may be in an archive. Whoever needs lists, tags or events takes the server of {@code
 * infra/local}.
 */
public final class S3Stub implements AutoCloseable {
  private static final String ETAG = "ETag";

  private record Stored(String etag, String text) {}

  private int writes;
  private final Map<String, Stored> objects = new ConcurrentHashMap<>();
  private final Set<String> archived = ConcurrentHashMap.newKeySet();
  private final HttpStub server = new HttpStub(this::answer);
  private final S3Client client = client(server.uri());

  /** A client of whatever stands in for S3 there. */
  public static S3Client client(URI endpoint, ExecutionInterceptor... interceptors) {
    return S3Client.builder()
        .endpointOverride(endpoint)
        .forcePathStyle(true)
        .region(Region.US_EAST_1)
        .credentialsProvider(AnonymousCredentialsProvider.create())
        .httpClient(UrlConnectionHttpClient.create())
        // bodies come as they are
        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
        .overrideConfiguration(
            o -> {
              for (ExecutionInterceptor interceptor : interceptors) {
                o.addExecutionInterceptor(interceptor);
              }
            })
        .build();
  }

  public S3Client client() {
    return client;
  }

  /** Stores an object. */
  public void put(String bucket, String key, String etag, String text) {
    objects.put("/" + bucket + "/" + key, new Stored(quoted(etag), text));
  }

  /** Stores an object whose content cannot be read before it is restored from its archive. */
  public void archive(String bucket, String key, String etag) {
    put(bucket, key, etag, "");
    archived.add("/" + bucket + "/" + key);
  }

  /** Answers every request with this error, as S3 words it. */
  public static HttpHandler failing(int status, String code) {
    return exchange -> error(exchange, status, code);
  }

  private static void error(HttpExchange exchange, int status, String code) throws IOException {
    HttpStub.send(
        exchange,
        status,
        "<Error><Code>%s</Code><Message>injected</Message></Error>"
            .formatted(code)
            .getBytes(UTF_8));
  }

  private synchronized void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    Stored stored = objects.get(path);
    if (exchange.getRequestMethod().equals("PUT")) {
      put(exchange, path, stored);
    } else if (stored == null) {
      error(exchange, 404, "NoSuchKey");
    } else if (exchange.getRequestMethod().equals("GET") && archived.contains(path)) {
      error(exchange, 403, "InvalidObjectState");
    } else {
      exchange.getResponseHeaders().set(ETAG, stored.etag());
      HttpStub.send(exchange, 200, stored.text().getBytes(UTF_8));
    }
  }

  private void put(HttpExchange exchange, String path, Stored before) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    if (isAsExpected(exchange.getRequestHeaders(), before)) {
      Stored now = new Stored(quoted(Integer.toHexString(++writes)), new String(body, UTF_8));
      objects.put(path, now);
      exchange.getResponseHeaders().set(ETAG, now.etag());
      HttpStub.send(exchange, 200, new byte[0]);
    } else {
      error(exchange, 412, "PreconditionFailed");
    }
  }

  private static String quoted(String etag) {
    return "\"" + etag + "\"";
  }

  private static boolean isAsExpected(Headers put, Stored before) {
    String ifMatch = put.getFirst("If-Match");
    boolean mustBeNew = put.containsKey("If-None-Match");
    return before == null
        ? ifMatch == null
        : !mustBeNew && (ifMatch == null || ifMatch.equals(before.etag()));
  }

  @Override
  public void close() {
    client.close();
    server.close();
  }
}
