package io.pigeonhole.api;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * ETags, and the requests that depend on them (<a
 * href="https://www.rfc-editor.org/rfc/rfc9110#name-conditional-requests">RFC 9110</a>).
 */
final class Validators {
  private static final int HASH_BYTES = 12;

  private Validators() {}

  /** Gives an answer an ETag if it has none, and its body only to whom has not got it. */
  static Answer apply(Answer answer, Request request) {
    if (answer.status() != 200) {
      return answer;
    }
    Answer tagged =
        answer.header("ETag").isPresent() ? answer : answer.with("ETag", weak(answer.body()));
    return matches(request.header("if-none-match"), tagged.header("ETag").orElseThrow())
        ? new Answer(304, tagged.headers(), new byte[0])
        : tagged;
  }

  /** Weak, because an answer may be compressed or not. */
  static String weak(byte[] content) {
    return "W/\"" + hash(content) + '"';
  }

  /** Whether a list of ETags has this one. */
  private static boolean matches(Optional<String> list, String etag) {
    return list.isPresent()
        && Arrays.stream(list.get().split(",", -1))
            .map(String::strip)
            .anyMatch(one -> one.equals("*") || strong(one).equals(strong(etag)));
  }

  private static String strong(String etag) {
    return etag.startsWith("W/") ? etag.substring(2) : etag;
  }

  private static String hash(byte[] body) {
    try {
      byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(body);
      return HexFormat.of().formatHex(sha256, 0, HASH_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
