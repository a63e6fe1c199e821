package io.pigeonhole.aws;

import java.io.IOException;
import java.time.Duration;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.crt.http.HttpException;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.crt.AwsCrtHttpClient;

/**
 * The HTTP client of the AWS CRT, whose TLS is native: that of the JDK takes longer for a photo
 * than everything else, as C1 compiles it.
 *
 * <p>Where another try would not help, the CRT's client throws exceptions of its own, which are
 * made such of the SDK here: a name that is not known, a certificate that is not trusted. Of the
 * latter it says first that there was no connection in time, as its TLS is silent for ten seconds
 * and more after a handshake that failed.
 */
public final class NativeHttpClient implements SdkHttpClient {
  private static final int CONNECTIONS = 64;
  private static final Duration TO_CONNECT = Duration.ofSeconds(2);

  private final SdkHttpClient crt;

  private NativeHttpClient(SdkHttpClient crt) {
    this.crt = crt;
  }

  /** For a client of a service, which closes what is built. */
  public static Builder builder() {
    return defaults ->
        new NativeHttpClient(
            AwsCrtHttpClient.builder()
                .maxConcurrency(CONNECTIONS)
                .connectionTimeout(TO_CONNECT)
                .buildWithDefaults(defaults));
  }

  /** Makes clients with what a service wants by default. */
  @FunctionalInterface
  public interface Builder extends SdkHttpClient.Builder<Builder> {}

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    ExecutableHttpRequest prepared = crt.prepareRequest(request);
    return new ExecutableHttpRequest() {
      @Override
      public HttpExecuteResponse call() throws IOException {
        try {
          return prepared.call();
        } catch (HttpException e) {
          throw SdkClientException.create(
              "no connection to %s (is its name known, and its certificate trusted?): %s"
                  .formatted(request.httpRequest().host(), e.getMessage()),
              e);
        }
      }

      @Override
      public void abort() {
        prepared.abort();
      }
    };
  }

  @Override
  public String clientName() {
    return crt.clientName();
  }

  @Override
  public void close() {
    crt.close();
  }
}
