package io.pigeonhole.local.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import io.pigeonhole.model.WholeResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.S3Client;

/** A server whose connection breaks in the middle of its first answers. */
class WholeResponseTest {
  private static final byte[] BODY = "all of the object".getBytes(UTF_8);

  private final AtomicInteger broken = new AtomicInteger();
  private final AtomicInteger asked = new AtomicInteger();
  private HttpServer server;
  private S3Client s3;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          boolean whole = asked.incrementAndGet() > broken.get();
          exchange.getResponseHeaders().set("ETag", "\"1\"");
          boolean head = exchange.getRequestMethod().equals("HEAD");
          exchange.sendResponseHeaders(200, head ? -1 : BODY.length);
          if (!head) {
            exchange.getResponseBody().write(BODY, 0, whole ? BODY.length : BODY.length / 2);
          }
          exchange.close();
        });
    server.start();
    s3 =
        S3Clients.at(
            URI.create("http://127.0.0.1:" + server.getAddress().getPort()), new WholeResponse());
  }

  @AfterEach
  void stop() {
    s3.close();
    server.stop(0);
  }

  @Test
  void asksAgainWhenAnAnswerBreaksOff() {
    broken.set(2);
    assertThat(s3.getObjectAsBytes(get -> get.bucket("images").key("cat.jpg")).asByteArray())
        .isEqualTo(BODY);
    assertThat(asked).hasValue(3);
  }

  @Test
  void failsWhenEveryAnswerBreaksOff() {
    broken.set(Integer.MAX_VALUE);
    assertThatExceptionOfType(SdkClientException.class)
        .isThrownBy(() -> s3.getObjectAsBytes(get -> get.bucket("images").key("cat.jpg")))
        .withStackTraceContaining("broke off after 8 of 17 bytes");
  }

  @Test
  void leavesWholeAnswersAlone() {
    assertThat(s3.getObjectAsBytes(get -> get.bucket("images").key("cat.jpg")).asByteArray())
        .isEqualTo(BODY);
    assertThat(s3.headObject(head -> head.bucket("images").key("cat.jpg")).eTag())
        .isEqualTo("\"1\"");
    assertThat(asked).hasValue(2);
  }
}
