package io.pigeonhole.local;

import com.sun.net.httpserver.HttpExchange;
import io.pigeonhole.testkit.HttpStub;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** Stands between a client and an S3 server, and does to requests what networks and S3 may do. */
final class FaultyS3 implements AutoCloseable {
  private static final Set<String> NOT_FORWARDED =
      Set.of("connection", "content-length", "expect", "host", "transfer-encoding", "upgrade");

  /** What happens to a request. */
  enum Fault {
    /** It takes a third of a second longer. */
    SLOW,
    /** S3 answers 500, and has done nothing. */
    INTERNAL_ERROR,
    /** S3 answers 503, and has done nothing. */
    SLOW_DOWN,
    /** The connection is closed before S3 has the request. */
    LOST_REQUEST,
    /** S3 does what it is asked for, but the connection is closed before it answers. */
    LOST_RESPONSE,
    /** S3 answers, but the connection is closed half through the body. */
    TRUNCATED,
    /** S3's clock and the client's are an hour apart: signatures are refused. */
    CLOCK_SKEW
  }

  /** Chooses what happens to a request; empty for nothing. */
  @FunctionalInterface
  interface Faults {
    Optional<Fault> next(String method, String path);
  }

  private final HttpClient client = HttpClient.newHttpClient();
  private final Map<Fault, LongAdder> happened = new EnumMap<>(Fault.class);
  private final HttpStub server = new HttpStub(this::handle);
  private final URI s3;
  private volatile Faults faults = (method, path) -> Optional.empty();

  FaultyS3(URI s3) {
    this.s3 = s3;
    for (Fault fault : Fault.values()) {
      happened.put(fault, new LongAdder());
    }
  }

  /** Where clients are to connect. */
  URI endpoint() {
    return server.uri();
  }

  /** From now on. */
  void inject(Faults chosen) {
    faults = chosen;
  }

  /** How often each fault has happened. */
  Map<Fault, LongAdder> happened() {
    return happened;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      Optional<Fault> fault =
          faults.next(exchange.getRequestMethod(), exchange.getRequestURI().getPath());
      fault.ifPresent(f -> happened.get(f).increment());
      if (fault.isPresent()) {
        handle(exchange, body, fault.get());
      } else {
        answer(exchange, forward(exchange, body), false);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void handle(HttpExchange exchange, byte[] body, Fault fault)
      throws IOException, InterruptedException {
    switch (fault) {
      case SLOW -> {
        TimeUnit.MILLISECONDS.sleep(330);
        answer(exchange, forward(exchange, body), false);
      }
      case INTERNAL_ERROR -> error(exchange, 500, "InternalError");
      case SLOW_DOWN -> error(exchange, 503, "SlowDown");
      case LOST_REQUEST -> {
        // closing the exchange closes the connection
      }
      case LOST_RESPONSE -> forward(exchange, body);
      case TRUNCATED -> answer(exchange, forward(exchange, body), true);
      case CLOCK_SKEW -> {
        ZonedDateTime skewed = ZonedDateTime.now(ZoneOffset.UTC).plusHours(1);
        exchange
            .getResponseHeaders()
            .set("Date", DateTimeFormatter.RFC_1123_DATE_TIME.format(skewed));
        error(exchange, 403, "RequestTimeTooSkewed");
      }
    }
  }

  private HttpResponse<byte[]> forward(HttpExchange exchange, byte[] body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(s3.resolve(exchange.getRequestURI()))
            .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              if (!NOT_FORWARDED.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
              }
            });
    return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private static void answer(HttpExchange exchange, HttpResponse<byte[]> response, boolean halved)
      throws IOException {
    for (Map.Entry<String, List<String>> header : response.headers().map().entrySet()) {
      if (!NOT_FORWARDED.contains(header.getKey().toLowerCase(Locale.ROOT))) {
        exchange.getResponseHeaders().put(header.getKey(), header.getValue());
      }
    }
    byte[] body = response.body();
    exchange.sendResponseHeaders(response.statusCode(), body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(halved ? Arrays.copyOf(body, body.length / 2) : body);
    }
  }

  private static void error(HttpExchange exchange, int status, String code) throws IOException {
    byte[] body =
        "<?xml version=\"1.0\"?><Error><Code>%s</Code><Message>injected</Message></Error>"
            .formatted(code)
            .getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/xml");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    server.close();
  }
}
