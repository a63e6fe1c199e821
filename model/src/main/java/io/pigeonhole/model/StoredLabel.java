package io.pigeonhole.model;

import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A label as S3 holds it: in a tag's value, where <a
 * href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_S3Tag.html">letters, numbers,
 * spaces</a> and a few signs are allowed, and, in the same form, as a part of a key.
 *
 * <p>What is allowed stands for itself. Everything else is {@code =} and four hexadecimal digits in
 * upper case for each of its UTF-16 units: {@code R&B} is {@code R=0026B}. So is a {@code =} that
 * four such digits follow in the label itself, so that no two labels have the same form.
 */
public final class StoredLabel {
  // what a tag may have, less '/', which separates the parts of a key
  private static final Pattern ALLOWED = Pattern.compile("[\\p{L}\\p{N} _.:=+@-]");
  private static final Pattern ESCAPED = Pattern.compile("=([0-9A-F]{4})");

  private StoredLabel() {}

  /** The form of a label. */
  public static String of(String label) {
    StringBuilder stored = new StringBuilder();
    for (int i = 0; i < label.length(); ) {
      int end = label.offsetByCodePoints(i, 1);
      String letter = label.substring(i, end);
      boolean ambiguous = ESCAPED.matcher(label).region(i, label.length()).lookingAt();
      stored.append(ALLOWED.matcher(letter).matches() && !ambiguous ? letter : escaped(letter));
      i = end;
    }
    return stored.toString();
  }

  /** The label that has a form. */
  public static String labelOf(String stored) {
    return ESCAPED
        .matcher(stored)
        .replaceAll(
            escape ->
                Matcher.quoteReplacement(
                    String.valueOf((char) HexFormat.fromHexDigits(escape.group(1)))));
  }

  private static String escaped(String letter) {
    StringBuilder units = new StringBuilder();
    for (int i = 0; i < letter.length(); i++) {
      units.append('=').append(HexFormat.of().withUpperCase().toHexDigits(letter.charAt(i)));
    }
    return units.toString();
  }
}
