package io.pigeonhole.aws;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.crt.http.HttpException;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.crt.AwsCrtHttpClient;

/**
 * The HTTP client of the AWS CRT, whose TLS is native: that of the JDK takes longer for a photo
 * than everything else, as C1 compiles it. It knows no proxies, and trusts whom the system trusts.
 *
 * <p>What the SDK would not try again, the CRT's client throws as exceptions of its own, which are
 * made such of the SDK here: of a name that is not known, or a certificate that is not trusted. Of
 * the latter it says first that there was no connection in time, as its TLS is silent for ten
 * seconds and more after a handshake that failed.
 */
public final class NativeHttpClient implements SdkHttpClient {
  private static final int CONNECTIONS = 64;
  private static final Duration TO_CONNECT = Duration.ofSeconds(2);

  /** Without a byte for so long, a connection is given up. */
  private static final Duration STALLED = Duration.ofSeconds(10);

  /** A connection that was kept longer may be closed at the other end. */
  private static final Duration KEPT = Duration.ofSeconds(5);

  /** What may be on its way, beside the 4 MiB of a body that the SDK reads before it is asked. */
  private static final long WINDOW = 256 << 10;

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
                .connectionMaxIdleTime(KEPT)
                .connectionHealthConfiguration(
                    health -> health.minimumThroughputInBps(1L).minimumThroughputTimeout(STALLED))
                .readBufferSizeInBytes(WINDOW)
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
          return readable(prepared.call());
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

  private static HttpExecuteResponse readable(HttpExecuteResponse response) {
    return response
        .responseBody()
        .map(
            body ->
                HttpExecuteResponse.builder()
                    .response(response.httpResponse())
                    .responseBody(AbortableInputStream.create(new Body(body), body))
                    .build())
        .orElse(response);
  }

  /** Fails as streams do. */
  private static final class Body extends FilterInputStream {
    Body(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      try {
        return super.read();
      } catch (HttpException e) {
        throw new IOException(e.getMessage(), e);
      }
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      try {
        return super.read(target, offset, length);
      } catch (HttpException e) {
        throw new IOException(e.getMessage(), e);
      }
    }
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
