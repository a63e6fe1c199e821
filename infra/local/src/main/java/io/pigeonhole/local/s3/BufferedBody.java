package io.pigeonhole.local.s3;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A request whose body is here already: in memory if it is small, else in a temporary file. */
final class BufferedBody extends HttpServletRequestWrapper implements AutoCloseable {
  private static final int IN_MEMORY_BYTES = 1 << 20;

  private final InputStream content;
  private final Optional<Path> file;

  private BufferedBody(HttpServletRequest request, InputStream content, Optional<Path> file) {
    super(request);
    this.content = content;
    this.file = file;
  }

  static BufferedBody of(HttpServletRequest request, byte[] body) {
    return new BufferedBody(request, new ByteArrayInputStream(body), Optional.empty());
  }

  static BufferedBody of(HttpServletRequest request) throws IOException {
    InputStream body = request.getInputStream();
    byte[] start = body.readNBytes(IN_MEMORY_BYTES);
    if (start.length < IN_MEMORY_BYTES) {
      return new BufferedBody(request, new ByteArrayInputStream(start), Optional.empty());
    }
    Path file = Files.createTempFile("pigeonhole-upload", "");
    try {
      try (OutputStream out = Files.newOutputStream(file)) {
        out.write(start);
        body.transferTo(out);
      }
      return new BufferedBody(request, Files.newInputStream(file), Optional.of(file));
    } catch (IOException e) {
      Files.deleteIfExists(file);
      throw e;
    }
  }

  @Override
  public ServletInputStream getInputStream() {
    return new ServletInputStream() {
      @Override
      public int read() throws IOException {
        return content.read();
      }

      @Override
      public int read(byte[] bytes, int from, int length) throws IOException {
        return content.read(bytes, from, length);
      }

      @Override
      public boolean isFinished() {
        return false;
      }

      @Override
      public boolean isReady() {
        return true;
      }

      @Override
      public void setReadListener(ReadListener listener) {
        throw new UnsupportedOperationException("the body is read as it always was");
      }
    };
  }

  @Override
  public void close() throws IOException {
    content.close();
    if (file.isPresent()) {
      Files.deleteIfExists(file.get());
    }
  }
}
