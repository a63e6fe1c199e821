package io.pigeonhole.aws;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.URI;
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
    try (S3Client s3 =
        S3Client.builder()
            .endpointOverride(nowhere)
            .forcePathStyle(true)
            .region(Region.US_EAST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
            .httpClientBuilder(NativeHttpClient.builder())
            .build()) {
      assertThatExceptionOfType(SdkClientException.class)
          .isThrownBy(() -> s3.getObjectAsBytes(get -> get.bucket("images").key("cat.jpg")))
          .withMessageContaining(why);
    }
  }
}
