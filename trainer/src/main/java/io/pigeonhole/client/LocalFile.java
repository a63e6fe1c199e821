package io.pigeonhole.client;

import io.pigeonhole.image.ImageLimits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;

/** A file that somebody named on the command line, and what is to be said if it is none. */
public record LocalFile(Path path) {
  private static final int MAX_BYTES = Math.toIntExact(ImageLimits.DEFAULT.maxBytes());

  /** In bytes. */
  long size() throws IOException {
    try {
      if (Files.isDirectory(path)) {
        throw new IOException("it is a folder without files that can be read");
      }
      return Files.size(path);
    } catch (NoSuchFileException e) {
      throw new IOException("no such file", e);
    }
  }

  /**
   * All of it: a pipe or a device, which does not say its size, is not read without end.
   *
   * @throws IOException if there is none, or it is too large; the message says so
   */
  public byte[] bytes() throws IOException {
    size();
    byte[] bytes;
    try (InputStream in = Files.newInputStream(path)) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    } catch (IOException e) {
      throw new IOException("it cannot be read: " + e.getMessage(), e);
    }
    if (bytes.length > MAX_BYTES) {
      throw new IOException(String.format(Locale.ROOT, "it has more than %,d bytes", MAX_BYTES));
    }
    return bytes;
  }

  /** Without its folders. */
  String name() {
    return String.valueOf(path.getFileName());
  }
}
