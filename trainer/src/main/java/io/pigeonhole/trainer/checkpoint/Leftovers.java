package io.pigeonhole.trainer.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** Checkpoints of runs that nobody went on with. */
public final class Leftovers {

  private Leftovers() {}

  /**
   * Deletes files that were not written for a time.
   *
   * @param folder of all checkpoints on this machine; there need be none
   */
  public static void sweep(Path folder, Duration time) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    Instant before = Instant.now().minus(time);
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder)) {
      files = all.filter(Files::isRegularFile).toList();
    }
    for (Path file : files) {
      if (Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
        Files.deleteIfExists(file);
      }
    }
  }
}
