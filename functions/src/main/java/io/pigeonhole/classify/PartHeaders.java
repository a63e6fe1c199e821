package io.pigeonhole.classify;

import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.commons.fileupload.ParameterParser;

/**
 * The headers of a part of a form: <a
 * href="https://www.rfc-editor.org/rfc/rfc7578#section-4.2">Content-Disposition</a>, and <a
 * href="https://www.rfc-editor.org/rfc/rfc2045#section-6">Content-Transfer-Encoding</a>, which
 * browsers do not send any more but mail-like clients do.
 */
record PartHeaders(Map<String, String> byLowerCaseName) {
  private static final Pattern FOLD = Pattern.compile("\\r?\\n[ \\t]+");

  /**
   * Reads headers.
   *
   * @param headers lines, of which those that begin with a space go on with the one before
   */
  static PartHeaders of(String headers) {
    Map<String, String> byName = new TreeMap<>();
    FOLD.matcher(headers)
        .replaceAll(" ")
        .lines()
        .filter(line -> line.contains(":"))
        .forEach(
            line -> {
              String[] header = line.split(":", 2);
              byName.put(header[0].strip().toLowerCase(Locale.ROOT), header[1].strip());
            });
    return new PartHeaders(byName);
  }

  /** The parameters of a header, by their lower-case names. */
  static Map<String, String> parameters(String header) {
    ParameterParser parser = new ParameterParser();
    parser.setLowerCaseNames(true);
    return parser.parse(header, ';');
  }

  /** The name of the file that the part is, which may be empty; no name if it is no file. */
  Optional<String> fileName() {
    Map<String, String> parameters =
        parameters(byLowerCaseName.getOrDefault("content-disposition", ""));
    if (!parameters.containsKey("filename") && !parameters.containsKey("filename*")) {
      return Optional.empty();
    }
    String name = parameters.getOrDefault("filename", parameters.get("filename*"));
    return Optional.of(name == null ? "" : name);
  }

  /**
   * The body as it was before it was encoded for transfer.
   *
   * @throws IllegalArgumentException if it is not encoded as the headers say
   */
  byte[] decoded(byte[] body) {
    String encoding =
        byLowerCaseName
            .getOrDefault("content-transfer-encoding", "binary")
            .toLowerCase(Locale.ROOT);
    return switch (encoding) {
      case "binary", "8bit", "7bit" -> body;
      case "base64" -> Base64.getMimeDecoder().decode(body);
      default ->
          throw new IllegalArgumentException(
              "expected a part as binary or base64, found the encoding " + encoding);
    };
  }
}
