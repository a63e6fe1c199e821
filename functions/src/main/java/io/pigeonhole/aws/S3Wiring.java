package io.pigeonhole.aws;

import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** Makes the client of S3. */
@Singleton
final class S3Wiring {

  /** As {@code quarkus.s3.*} says, but for the HTTP client. */
  @Produces
  @Singleton
  S3Client s3(S3ClientBuilder configured) {
    return configured.httpClientBuilder(NativeHttpClient.builder()).build();
  }

  void close(@Disposes S3Client s3) {
    s3.close();
  }
}
