package io.pigeonhole.local.s3;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;

/** A response that tells when the first byte of its body is written. */
final class FirstWrite extends HttpServletResponseWrapper {
  private final Runnable onFirstWrite;

  FirstWrite(HttpServletResponse response, Runnable onFirstWrite) {
    super(response);
    this.onFirstWrite = onFirstWrite;
  }

  @Override
  public ServletOutputStream getOutputStream() throws IOException {
    ServletOutputStream out = super.getOutputStream();
    return new ServletOutputStream() {
      @Override
      public void write(int b) throws IOException {
        onFirstWrite.run();
        out.write(b);
      }

      @Override
      public void write(byte[] bytes, int from, int length) throws IOException {
        onFirstWrite.run();
        out.write(bytes, from, length);
      }

      @Override
      public void flush() throws IOException {
        out.flush();
      }

      @Override
      public void close() throws IOException {
        out.close();
      }

      @Override
      public boolean isReady() {
        return out.isReady();
      }

      @Override
      public void setWriteListener(WriteListener listener) {
        out.setWriteListener(listener);
      }
    };
  }
}
