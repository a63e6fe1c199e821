package io.pigeonhole.content;

import io.pigeonhole.image.ImageError;
import io.pigeonhole.image.UndecodableImageException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/**
 * The codings of a body, as <a href="https://www.rfc-editor.org/rfc/rfc9110#section-8.4">
 * Content-Encoding</a> lists them. gzip is taken off; of deflate, which clients write in two ways,
 * br and others it is said that they are not.
 */
public final class ContentEncoding {
  // aws-chunked is how a body came to S3, and not how it lies there
  private static final Set<String> NONE = Set.of("", "identity", "aws-chunked");
  private static final Set<String> GZIP = Set.of("gzip", "x-gzip");
  private static final int MAX_CODINGS = 3;

  private final List<String> codings;

  private ContentEncoding(List<String> codings) {
    this.codings = codings;
  }

  /**
   * The codings that a header lists.
   *
   * @param header empty if there is none
   */
  public static ContentEncoding of(String header) {
    List<String> codings = new ArrayList<>();
    for (String each : header.split(",", -1)) {
      String coding = each.strip().toLowerCase(Locale.ROOT);
      if (!NONE.contains(coding)) {
        codings.add(coding);
      }
    }
    Collections.reverse(codings);
    return new ContentEncoding(codings);
  }

  /** Whether nothing is to be taken off. */
  public boolean isNone() {
    return codings.isEmpty();
  }

  /**
   * A body without its codings. One that is said to be gzip, and is not, is left as it is.
   *
   * @param maxBytes that it may have then
   * @throws UndecodableImageException {@code unsupported-format} if a coding is not taken off,
   *     {@code too-large} if there are more bytes, {@code corrupt} if they break off
   */
  public byte[] decoded(byte[] body, long maxBytes) throws UndecodableImageException {
    if (codings.size() > MAX_CODINGS || !GZIP.containsAll(codings)) {
      throw new UndecodableImageException(
          ImageError.UNSUPPORTED_FORMAT,
          "the content encoding %s is not decoded; gzip is".formatted(String.join(", ", codings)));
    }
    byte[] decoded = body;
    for (int i = 0; i < codings.size(); i++) {
      decoded = isGzip(decoded) ? unzipped(decoded, maxBytes) : decoded;
    }
    return decoded;
  }

  private static boolean isGzip(byte[] body) {
    return body.length > 2 && body[0] == 0x1f && body[1] == (byte) 0x8b;
  }

  private static byte[] unzipped(byte[] body, long maxBytes) throws UndecodableImageException {
    int most = (int) Math.min(Integer.MAX_VALUE - 16, maxBytes);
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
      byte[] bytes = in.readNBytes(most);
      if (in.read() >= 0) {
        throw new UndecodableImageException(
            ImageError.TOO_LARGE, "it has more than %d bytes without gzip".formatted(most));
      }
      return bytes;
    } catch (IOException e) {
      throw new UndecodableImageException(
          ImageError.CORRUPT, "its gzip cannot be read: " + e.getMessage());
    }
  }
}
