package io.pigeonhole.api;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The paths of an operation: literal but for names in braces. <code>{name}</code> stands for one
 * segment, <code>{name+}</code> for one character or more, slashes too.
 */
final class PathTemplate {
  private static final Pattern NAME = Pattern.compile("\\{(\\w+)(\\+?)}");
  private static final Pattern NEVER_ENCODED =
      Pattern.compile("[^\\x21-\\x7e]|%(?![0-9A-Fa-f]{2})");

  private final String text;
  private final List<String> names = new ArrayList<>();
  private final Pattern pattern;

  PathTemplate(String text) {
    this.text = text;
    StringBuilder regex = new StringBuilder();
    Matcher matcher = NAME.matcher(text);
    int end = 0;
    while (matcher.find()) {
      names.add(matcher.group(1));
      regex
          .append(Pattern.quote(text.substring(end, matcher.start())))
          .append(matcher.group(2).isEmpty() ? "([^/]+)" : "(.+)");
      end = matcher.end();
    }
    this.pattern = Pattern.compile(regex + Pattern.quote(text.substring(end)), Pattern.DOTALL);
  }

  List<String> names() {
    return names;
  }

  /** As OpenAPI writes it, which has no way to say that slashes are allowed. */
  String openApi() {
    return text.replace("+}", "}");
  }

  boolean matches(String path) {
    return pattern.matcher(path).matches();
  }

  /**
   * What stands in the places of the names, decoded.
   *
   * @return empty if the path is not among these
   */
  Optional<Map<String, String>> capture(String path) throws ProblemException {
    Matcher matcher = pattern.matcher(path);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    Map<String, String> captured = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      captured.put(names.get(i), decoded(matcher.group(i + 1)));
    }
    return Optional.of(captured);
  }

  /**
   * Percent-decoded, once. REST APIs hand paths over as clients sent them, HTTP APIs decoded: text
   * that no encoder would have left is taken as it is.
   */
  private static String decoded(String text) throws ProblemException {
    if (text.indexOf('%') < 0 || NEVER_ENCODED.matcher(text).find()) {
      return text;
    }
    ByteBuffer bytes = ByteBuffer.allocate(text.length());
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '%') {
        bytes.put((byte) Integer.parseInt(text, i + 1, i + 3, 16));
        i += 2;
      } else {
        bytes.put((byte) text.charAt(i));
      }
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
    } catch (CharacterCodingException e) {
      throw Problem.badRequest("the path is not percent-encoded UTF-8").exception();
    }
  }
}
