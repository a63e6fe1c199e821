package io.pigeonhole.model;

import java.io.IOException;
import java.io.InputStream;

/** Reads what is expected to be small, and stops where it is not. */
final class Small {
  private static final int MAX_BYTES = 16 << 20;

  private Small() {}

  static byte[] read(InputStream in, Object name) throws IOException {
    byte[] bytes = in.readNBytes(MAX_BYTES + 1);
    if (bytes.length > MAX_BYTES) {
      throw new IOException(name + " has more than " + MAX_BYTES + " bytes");
    }
    return bytes;
  }
}
