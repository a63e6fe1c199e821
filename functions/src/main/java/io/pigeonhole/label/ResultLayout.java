package io.pigeonhole.label;

import io.pigeonhole.model.StoredLabel;
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
 * for-review/&lt;key&gt;            empty: a person should look at it, and none has
 * corrected/&lt;key&gt;             empty: a person has said what it is, or that it is none of the labels
 * lines/&lt;job&gt;/&lt;call&gt;.jsonl     the results of an invocation of backfill, where that is asked for
 * </pre>
 *
 * <p>A label is in the form of {@link StoredLabel}, in at most 128 bytes. S3 allows keys of 1,024
 * bytes, so those of images do not all fit behind a prefix. A key of more than {@value
 * #MAX_KEY_BYTES} bytes (1,024 less {@code by-label/}, a label of 128 bytes and a slash) is
 * shortened, in both places alike, to its beginning, cut between characters, {@code ~}, and the
 * SHA-256 of the whole key in hexadecimal. A key that itself ends like a shortened one is shortened
 * too, so that no two images share a result. The result holds the whole key.
 */
public final class ResultLayout {
  static final int MAX_KEY_BYTES = 1024 - "by-label/".length() - 128 - 1;

  /** In the place of a label, none of which begins so: the images that a person should look at. */
  public static final String REVIEW = "?review";

  /** In the place of a label: the images about which a person has said something. */
  public static final String CORRECTED = "?corrected";

  /** What the keys of all pigeonholes begin with. */
  public static final String BY_LABEL = "by-label/";

  private static final String RESULTS = "labels/";
  private static final String RESULT_TYPE = ".json";
  private static final int HASH_BYTES = 1 + 64;
  private static final Pattern SHORTENED = Pattern.compile(".*~[0-9a-f]{64}", Pattern.DOTALL);

  private ResultLayout() {}

  /** The key of an image's result. */
  public static String result(String key) {
    return resultOfListed(fitting(key));
  }

  /** The key of the result of an image, given what follows a list's prefix. */
  public static String resultOfListed(String listed) {
    return RESULTS + listed + RESULT_TYPE;
  }

  /**
   * The key of an image's index object.
   *
   * @param list a label, {@link #REVIEW} or {@link #CORRECTED}
   */
  public static String index(String list, String key) {
    return prefix(list) + fitting(key);
  }

  /** What the keys of a list begin with. */
  public static String prefix(String list) {
    return switch (list) {
      case REVIEW -> "for-review/";
      case CORRECTED -> "corrected/";
      default -> BY_LABEL + StoredLabel.of(list) + "/";
    };
  }

  /** The key of many results. */
  static String lines(String name) {
    return "lines/" + name + ".jsonl";
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
