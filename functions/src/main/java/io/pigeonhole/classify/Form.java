package io.pigeonhole.classify;

import io.pigeonhole.api.Problem;
import io.pigeonhole.api.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.commons.fileupload.MultipartStream;
import org.apache.commons.fileupload.ParameterParser;

/** A form as browsers send it: <a href="https://www.rfc-editor.org/rfc/rfc7578">RFC 7578</a>. */
final class Form {
  private static final int BUFFER_BYTES = 4096;

  private Form() {}

  /**
   * The first file in the form.
   *
   * @param contentType with the boundary
   */
  static byte[] file(String contentType, byte[] body) throws ProblemException {
    try {
      MultipartStream parts =
          new MultipartStream(
              new ByteArrayInputStream(body), boundary(contentType), BUFFER_BYTES, null);
      for (boolean more = parts.skipPreamble(); more; more = parts.readBoundary()) {
        if (isFile(parts.readHeaders())) {
          ByteArrayOutputStream file = new ByteArrayOutputStream();
          parts.readBodyData(file);
          return file.toByteArray();
        }
        parts.readBodyData(OutputStream.nullOutputStream());
      }
    } catch (IOException | IllegalArgumentException e) {
      throw Problem.badRequest("the form cannot be read: " + e.getMessage()).exception();
    }
    throw Problem.badRequest("expected a form with a file, found one without").exception();
  }

  private static byte[] boundary(String contentType) throws ProblemException {
    ParameterParser parser = new ParameterParser();
    parser.setLowerCaseNames(true);
    String boundary = parser.parse(contentType, ';').get("boundary");
    if (boundary == null || boundary.isEmpty()) {
      throw Problem.badRequest("the content type of a form has to name its boundary").exception();
    }
    return boundary.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static boolean isFile(String headers) {
    return headers
        .lines()
        .map(line -> line.toLowerCase(Locale.ROOT))
        .anyMatch(line -> line.startsWith("content-disposition:") && line.contains("filename"));
  }
}
