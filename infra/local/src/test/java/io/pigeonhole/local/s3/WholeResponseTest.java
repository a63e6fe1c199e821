package io.pigeonhole.local.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpExchange;
import io.pigeonhole.model.WholeResponse;
import io.pigeonhole.testkit.HttpStub;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.S3Client;

/** A server whose connection breaks in the middle of its first answers. */
class WholeResponseTest {
  private static final byte[] BODY = "all of the object".getBytes(UTF_8);

  private final AtomicInteger broken = new AtomicInteger();
  private final AtomicInteger asked = new AtomicInteger();
  @AutoClose private final HttpStub server = new HttpStub(this::answer);

  @AutoClose private final S3Client s3 = S3Clients.at(server.uri(), new WholeResponse());

  private void answer(HttpExchange exchange) throws IOException {
    boolean whole = asked.incrementAndGet() > broken.get();
    exchange.getResponseHeaders().set("ETag", "\"1\"");
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(200, head ? -1 : BODY.length);
    if (!head) {
      exchange.getResponseBody().write(BODY, 0, whole ? BODY.length : BODY.length / 2);
    }
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
