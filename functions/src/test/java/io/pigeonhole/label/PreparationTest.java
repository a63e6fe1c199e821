package io.pigeonhole.label;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.pigeonhole.image.ImageDecoder;
import io.pigeonhole.image.ImageLimits;
import io.pigeonhole.inference.ColorModel;
import io.pigeonhole.inference.Lease;
import io.pigeonhole.inference.ModelInService;
import io.pigeonhole.inference.TensorFlowEngine;
import io.pigeonhole.metrics.Stopwatch;
import io.pigeonhole.model.Classification;
import io.pigeonhole.model.FolderModelStore;
import io.pigeonhole.model.ModelRepository;
import io.pigeonhole.model.Prediction;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * What becomes of an image that S3 has in an archive: its headers can be read, and nothing else.
 */
class PreparationTest {
  private static final ImageEvent EVENT = new ImageEvent("images", "a.jpg", "0B");

  @TempDir Path bucket;

  private HttpServer server;
  private S3Client s3;
  private Optional<Result> stored = Optional.empty();

  @BeforeEach
  void archive() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    s3 =
        S3Client.builder()
            .endpointOverride(URI.create("http://127.0.0.1:" + server.getAddress().getPort()))
            .forcePathStyle(true)
            .region(Region.US_EAST_1)
            .credentialsProvider(AnonymousCredentialsProvider.create())
            .build();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getResponseHeaders().set("ETag", "\"e2\"");
      if (exchange.getRequestMethod().equals("HEAD")) {
        exchange.sendResponseHeaders(200, -1);
      } else if (exchange.getRequestURI().getPath().startsWith("/images/")) {
        send(exchange, 403, "<Error><Code>InvalidObjectState</Code></Error>".getBytes(UTF_8));
      } else if (stored.isPresent()) {
        send(exchange, 200, ResultJson.write(stored.get()));
      } else {
        send(exchange, 404, "<Error><Code>NoSuchKey</Code></Error>".getBytes(UTF_8));
      }
    }
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  @AfterEach
  void stop() {
    s3.close();
    server.stop(0);
  }

  @Test
  void refusesAnArchivedImageForGood() throws Exception {
    assertThat(prepare())
        .isInstanceOfSatisfying(
            Result.Unlabeled.class,
            refused -> {
              assertThat(refused.code()).isEqualTo("archived");
              assertThat(refused.object().etag()).isEqualTo("e2");
            });
  }

  @Test
  void keepsTheLabelOfAnArchivedImageWhateverModelItIsBy() throws Exception {
    stored = Optional.of(cat("e2"));
    assertThat(prepare())
        .isInstanceOfSatisfying(
            Result.Labeled.class,
            kept -> {
              assertThat(kept.label()).contains("cat");
              assertThat(kept.object().sequencer()).isEqualTo("0B");
            });
  }

  @Test
  void doesNotKeepTheLabelOfWhatTheImageWasBefore() throws Exception {
    stored = Optional.of(cat("e1"));
    assertThat(prepare()).isInstanceOf(Result.Unlabeled.class);
  }

  private Result prepare() throws Exception {
    String name = new ColorModel(bucket).standard().name();
    try (ModelInService models =
            new ModelInService(
                new ModelRepository(new FolderModelStore(bucket), name),
                new TensorFlowEngine(),
                Duration.ofMinutes(1));
        ImageDecoder decoder = new ImageDecoder(ImageLimits.DEFAULT);
        Lease model = models.acquire(Duration.ofSeconds(20))) {
      Preparation preparation =
          new Preparation(
              new Filing(s3, "results"),
              new Download(s3, 1000),
              decoder,
              new BytesInFlight(1000),
              new Stopwatch(),
              Clock.systemUTC());
      Prepared prepared =
          preparation.prepare(EVENT, new Result.ModelId("colors", "second"), model.newBatch(1));
      return ((Prepared.Answered) prepared).result();
    }
  }

  private static Result cat(String etag) {
    return new Result.Labeled(
        new ObjectVersion("images", "a.jpg", "", etag, "0A"),
        new Classification(
            List.of(new Prediction("cat", 0.75f)), Optional.empty(), Optional.empty()),
        new Result.ModelId("colors", "first"),
        Instant.parse("2026-01-15T09:30:00.123Z"),
        List.of());
  }
}
