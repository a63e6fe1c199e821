package io.pigeonhole.trainer.checkpoint;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Checkpoints of runs that nobody went on with. */
public final class Leftovers {

  private Leftovers() {}

  /**
   * Deletes files that were not written for a time, and folders in which nothing is.
   *
   * @param folder of all checkpoints on this machine; there need be none
   */
  public static void sweep(Path folder, Duration time) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    Instant before = Instant.now().minus(time);
    List<Path> insideFirst;
    try (Stream<Path> all = Files.walk(folder)) {
      insideFirst = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : insideFirst) {
      try {
        if (Files.isDirectory(each)
            || Files.getLastModifiedTime(each).toInstant().isBefore(before)) {
          Files.deleteIfExists(each);
        }
      } catch (DirectoryNotEmptyException | NoSuchFileException inUse) {
        // by another run
      }
    }
  }
}
