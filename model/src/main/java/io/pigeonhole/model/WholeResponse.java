package io.pigeonhole.model;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.Optional;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.Abortable;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.SdkHttpMethod;

/**
 * Fails a response whose body ends before its {@code Content-Length} is reached, so that the client
 * tries again. The JDK's HTTP client takes a connection that breaks for the end of the body: half a
 * result would pass for one that cannot be read, half a model for one that was tampered with.
 */
public final class WholeResponse implements ExecutionInterceptor {
  @Override
  public Optional<InputStream> modifyHttpResponseContent(
      Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
    Optional<String> length = context.httpResponse().firstMatchingHeader("Content-Length");
    if (length.isEmpty() || context.httpRequest().method() == SdkHttpMethod.HEAD) {
      return context.responseBody();
    }
    return context.responseBody().map(body -> whole(body, Long.parseLong(length.get())));
  }

  private static InputStream whole(InputStream body, long length) {
    Abortable abortable = body instanceof Abortable a ? a : () -> {};
    return AbortableInputStream.create(new Counted(body, length), abortable);
  }

  /** Throws at an end that comes too early. */
  private static final class Counted extends FilterInputStream {
    private final long length;
    private long read;

    Counted(InputStream in, long length) {
      super(in);
      this.length = length;
    }

    @Override
    public int read() throws IOException {
      int value = in.read();
      count(value < 0 ? -1 : 1);
      return value;
    }

    @Override
    public int read(byte[] target, int offset, int size) throws IOException {
      Objects.checkFromIndexSize(offset, size, target.length);
      return size == 0 ? 0 : count(in.read(target, offset, size));
    }

    private int count(int bytes) throws IOException {
      if (bytes < 0 && read < length) {
        throw new IOException(
            "the response broke off after %d of %d bytes".formatted(read, length));
      }
      read += Math.max(0, bytes);
      return bytes;
    }

    @Override
    public long skip(long n) throws IOException {
      long skipped = in.skip(n);
      read += skipped;
      return skipped;
    }

    @Override
    public boolean markSupported() {
      return false;
    }
  }
}
