package io.pigeonhole.classify;

import io.pigeonhole.api.Problem;
import io.pigeonhole.api.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.commons.fileupload.MultipartStream;

/** A form as browsers send it: <a href="https://www.rfc-editor.org/rfc/rfc7578">RFC 7578</a>. */
final class Form {
  private static final int BUFFER_BYTES = 4096;

  private Form() {}

  /**
   * The first file in the form that is not empty. An input that was left unfilled is sent as a file
   * without a name and without bytes.
   *
   * @param contentType with the boundary
   * @return no bytes if the form has a file, which is empty
   */
  static byte[] file(String contentType, byte[] body) throws ProblemException {
    boolean empty = false;
    try {
      MultipartStream parts =
          new MultipartStream(
              new ByteArrayInputStream(body), boundary(contentType), BUFFER_BYTES, null);
      for (boolean more = parts.skipPreamble(); more; more = parts.readBoundary()) {
        PartHeaders headers = PartHeaders.of(parts.readHeaders());
        if (headers.fileName().isEmpty()) {
          parts.readBodyData(OutputStream.nullOutputStream());
          continue;
        }
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        if (parts.readBodyData(file) > 0) {
          return headers.decoded(file.toByteArray());
        }
        empty |= !headers.fileName().get().isEmpty();
      }
    } catch (IOException | IllegalArgumentException e) {
      throw Problem.badRequest("the form cannot be read: " + e.getMessage()).exception();
    }
    if (empty) {
      return new byte[0];
    }
    throw Problem.badRequest("expected a form with a file, found one without").exception();
  }

  private static byte[] boundary(String contentType) throws ProblemException {
    String boundary = PartHeaders.parameters(contentType).get("boundary");
    if (boundary == null || boundary.isEmpty()) {
      throw Problem.badRequest("the content type of a form has to name its boundary").exception();
    }
    return boundary.getBytes(StandardCharsets.ISO_8859_1);
  }
}
