package io.pigeonhole.trainer.data;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * The text of a list: UTF-8, or UTF-16 where a byte order mark says so, as spreadsheets write it.
 *
 * @param name as messages name it
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ListText(String name, byte[] bytes) {

  /** Reads it from the beginning, without the byte order mark. */
  Reader reader() {
    if (begins(0xEF, 0xBB, 0xBF)) {
      return reader(3, StandardCharsets.UTF_8);
    }
    if (begins(0xFF, 0xFE)) {
      return reader(2, StandardCharsets.UTF_16LE);
    }
    return begins(0xFE, 0xFF)
        ? reader(2, StandardCharsets.UTF_16BE)
        : reader(0, StandardCharsets.UTF_8);
  }

  private boolean begins(int... mark) {
    for (int i = 0; i < mark.length; i++) {
      if (i >= bytes.length || (bytes[i] & 0xFF) != mark[i]) {
        return false;
      }
    }
    return true;
  }

  private Reader reader(int from, Charset charset) {
    return new InputStreamReader(
        new ByteArrayInputStream(bytes, from, bytes.length - from),
        charset
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT));
  }

  InvalidDataException notText(IOException e) {
    return new InvalidDataException(
        name + " is not text in UTF-8: save it as that (in Excel, 'CSV UTF-8')", e);
  }
}
