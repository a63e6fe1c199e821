package io.pigeonhole.aws;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

class NativeHttpClientTest {

  @ParameterizedTest
  @CsvSource({
    "http://no-such-host.invalid, no-such-host.invalid",
    "http://localhost:1, connection refused"
  })
  void saysWhyThereIsNoConnection(URI nowhere, String why) {
    try (S3Client s3 = s3(nowhere)) {
      assertThatExceptionOfType(SdkClientException.class)
          .isThrownBy(() -> s3.getObjectAsBytes(get -> get.bucket("images").key("cat.jpg")))
          .withMessageContaining(why);
    }
  }

  @Test
  @Timeout(60)
  void givesUpABodyThatStalls() throws IOException {
    CountDownLatch given = new CountDownLatch(1);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, 2);
          exchange.getResponseBody().write('1');
          exchange.getResponseBody().flush();
          await(given);
          exchange.close();
        });
    server.start();
    URI address = URI.create("http://localhost:" + server.getAddress().getPort());
    try (S3Client s3 = s3(address);
        InputStream body = s3.getObject(get -> get.bucket("images").key("cat.jpg"))) {
      assertThatExceptionOfType(IOException.class).isThrownBy(body::readAllBytes);
    } finally {
      given.countDown();
      server.stop(0);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static S3Client s3(URI endpoint) {
    return S3Client.builder()
        .endpointOverride(endpoint)
        .forcePathStyle(true)
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
        .httpClientBuilder(NativeHttpClient.builder())
        .build();
  }
}
