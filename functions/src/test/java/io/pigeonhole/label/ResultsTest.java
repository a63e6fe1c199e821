package io.pigeonhole.label;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.pigeonhole.label.Results.Stored;
import io.pigeonhole.model.Classification;
import io.pigeonhole.model.Prediction;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

class ResultsTest {
  private static final String KEY = "a.jpg";

  private HttpServer server;
  private S3Client s3;
  private Results results;

  // the one object of the bucket
  private byte[] object = {};
  private int writes;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    s3 =
        S3Client.builder()
            .endpointOverride(URI.create("http://127.0.0.1:" + server.getAddress().getPort()))
            .forcePathStyle(true)
            .region(Region.US_EAST_1)
            .credentialsProvider(AnonymousCredentialsProvider.create())
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .build();
    results = new Results(s3, "results");
  }

  @AfterEach
  void stop() {
    s3.close();
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      if (exchange.getRequestMethod().equals("GET")) {
        send(exchange, writes == 0 ? 404 : 200, writes == 0 ? error("NoSuchKey") : object);
      } else if (isAsExpected(exchange)) {
        object = body;
        writes++;
        send(exchange, 200, new byte[0]);
      } else {
        send(exchange, 412, error("PreconditionFailed"));
      }
    }
  }

  private boolean isAsExpected(HttpExchange put) {
    String ifMatch = put.getRequestHeaders().getFirst("If-Match");
    return ifMatch == null ? writes == 0 : ifMatch.equals(etag());
  }

  private String etag() {
    return "\"" + writes + "\"";
  }

  private void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.getResponseHeaders().set("ETag", etag());
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  private static byte[] error(String code) {
    return "<Error><Code>%s</Code></Error>".formatted(code).getBytes(UTF_8);
  }

  @Test
  void withoutASequencerTakesThePlaceOfWhatWasThereBeforeTheImageWasRead() {
    results.offer(labeled("old", "0A"), Stored.NOTHING);
    Stored seen = results.read(KEY);
    Stored now = results.offer(labeled("new", ""), seen);
    assertThat(now).isEqualTo(results.read(KEY));
    assertThat(now.result()).contains(labeled("new", "0A"));
    assertThat(results.offer(labeled("newest", "0B"), seen).result())
        .as("an event that comes late")
        .contains(labeled("newest", "0B"));
  }

  @Test
  void withoutASequencerLeavesWhatCameWhileTheImageWasRead() {
    results.offer(labeled("old", "0A"), Stored.NOTHING);
    Stored seen = results.read(KEY);
    results.offer(labeled("newest", "0B"), seen);
    assertThat(results.offer(labeled("new", ""), seen).result())
        .contains(labeled("newest", "0B"))
        .isEqualTo(results.read(KEY).result());
    assertThat(results.offer(labeled("new", ""), Stored.NOTHING).result())
        .contains(labeled("newest", "0B"));
  }

  private static Result labeled(String etag, String sequencer) {
    return new Result.Labeled(
        new ObjectVersion("images", KEY, "", etag, sequencer),
        new Classification(
            List.of(new Prediction("cat", 0.75f)), Optional.empty(), Optional.empty()),
        new Result.ModelId("cifar10", "20260101T000000Z-00000001"),
        Instant.parse("2026-01-15T09:30:00.123Z"),
        List.of());
  }
}
