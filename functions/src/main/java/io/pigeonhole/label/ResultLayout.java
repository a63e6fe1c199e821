package io.pigeonhole.label;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Where the results of an image are:
 *
 * <pre>
 * labels/&lt;key&gt;.json           the result
 * by-label/&lt;label&gt;/&lt;key&gt;      empty: listing a prefix lists a pigeonhole
 * </pre>
 *
 * <p>S3 allows keys of 1,024 bytes, so those of images do not all fit behind a prefix. A key of
 * more than {@value #MAX_KEY_BYTES} bytes (1,024 less {@code by-label/}, a label of 128 bytes and a
 * slash) is shortened, in both places alike, to its beginning, cut between characters, {@code ~},
 * and the SHA-256 of the whole key in hexadecimal. A key that itself ends like a shortened one is
 * shortened too, so that no two images share a result. The result holds the whole key.
 */
public final class ResultLayout {
  static final int MAX_KEY_BYTES = 1024 - "by-label/".length() - 128 - 1;
  private static final int HASH_BYTES = 1 + 64;
  private static final Pattern SHORTENED = Pattern.compile(".*~[0-9a-f]{64}", Pattern.DOTALL);

  private ResultLayout() {}

  /** The key of an image's result. */
  public static String result(String key) {
    return "labels/" + fitting(key) + ".json";
  }

  /** The key of an image's index object. */
  public static String index(String label, String key) {
    return "by-label/" + label + "/" + fitting(key);
  }

  private static String fitting(String key) {
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= MAX_KEY_BYTES && !SHORTENED.matcher(key).matches()) {
      return key;
    }
    int end = Math.min(bytes.length, MAX_KEY_BYTES - HASH_BYTES);
    while (end > 0 && end < bytes.length && isContinuation(bytes[end])) {
      end--;
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8) + "~" + sha256(bytes);
  }

  private static boolean isContinuation(byte b) {
    return (b & 0xC0) == 0x80;
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
