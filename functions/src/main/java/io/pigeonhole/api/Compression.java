package io.pigeonhole.api;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.GZIPOutputStream;

/** Sends text compressed to whom can read it: API Gateway's HTTP APIs do not. */
final class Compression {
  /** What fits into one packet gains nothing. */
  private static final int MIN_BYTES = 1400;

  private Compression() {}

  static Answer apply(Answer answer, Request request) {
    if (!answer.isText() || answer.body().length < MIN_BYTES) {
      return answer;
    }
    Answer varying = answer.varying("Accept-Encoding");
    return request.header("accept-encoding").filter(list -> list.contains("gzip")).isPresent()
        ? varying.withBody(gzip(answer.body())).with("Content-Encoding", "gzip")
        : varying;
  }

  private static byte[] gzip(byte[] body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.length / 3);
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(body);
    } catch (IOException e) {
      throw new UncheckedIOException("bytes in memory can be written", e);
    }
    return bytes.toByteArray();
  }
}
