package io.pigeonhole.classify;

import io.pigeonhole.api.Problem;
import io.pigeonhole.api.ProblemException;
import java.util.Base64;
import java.util.Locale;

/**
 * An image as text: <a href="https://www.rfc-editor.org/rfc/rfc4648">base64</a> of either alphabet,
 * or a <a href="https://www.rfc-editor.org/rfc/rfc2397">data URL</a> of it.
 */
final class EncodedImage {
  private EncodedImage() {}

  static byte[] decode(String text) throws ProblemException {
    try {
      // line ends are allowed, padding is optional, both alphabets are
      return Base64.getDecoder()
          .decode(base64(text).replaceAll("\\s", "").replace('-', '+').replace('_', '/'));
    } catch (IllegalArgumentException e) {
      throw Problem.badRequest("image is not base64: " + e.getMessage()).exception();
    }
  }

  private static String base64(String text) throws ProblemException {
    if (!text.regionMatches(true, 0, "data:", 0, 5)) {
      return text;
    }
    int comma = text.indexOf(',');
    if (comma < 0 || !text.substring(0, comma).toLowerCase(Locale.ROOT).endsWith(";base64")) {
      throw Problem.badRequest("expected a data URL in base64: data:image/jpeg;base64,…")
          .exception();
    }
    return text.substring(comma + 1);
  }
}
