package io.pigeonhole.api;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Where the next page begins: opaque to clients, the last key of the page before to us, so that a
 * cursor stays good however much is added or deleted.
 */
public final class Cursor {
  private static final int MAX_BYTES = 1024;

  private Cursor() {}

  /** The cursor to what comes after a key. */
  public static String after(String key) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(key.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The key that the page of a request comes after; empty for the first page.
   *
   * @throws ProblemException if the query's {@code cursor} is none
   */
  public static String of(Request request) throws ProblemException {
    try {
      byte[] key = Base64.getUrlDecoder().decode(request.query().getOrDefault("cursor", ""));
      if (key.length <= MAX_BYTES) {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(key)).toString();
      }
    } catch (IllegalArgumentException | CharacterCodingException e) {
      // said below
    }
    throw Problem.badRequest("cursor must be the nextCursor of another page").exception();
  }
}
