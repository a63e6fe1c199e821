package io.pigeonhole.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A file that somebody named on the command line, and what is to be said if it is none. */
record LocalFile(Path path) {

  /** In bytes. */
  long size() throws IOException {
    try {
      if (Files.isDirectory(path)) {
        throw new IOException("it is a folder");
      }
      return Files.size(path);
    } catch (NoSuchFileException e) {
      throw new IOException("no such file", e);
    }
  }

  byte[] bytes() throws IOException {
    size();
    try {
      return Files.readAllBytes(path);
    } catch (IOException e) {
      throw new IOException("it cannot be read: " + e.getMessage(), e);
    }
  }

  /** Without its folders. */
  String name() {
    return String.valueOf(path.getFileName());
  }
}
