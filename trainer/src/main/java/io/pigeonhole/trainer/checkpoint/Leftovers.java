package io.pigeonhole.trainer.checkpoint;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;

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
    Path root = folder.toRealPath();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (attributes.isRegularFile()
                && attributes.lastModifiedTime().toInstant().isBefore(before)) {
              Files.deleteIfExists(file);
            }
            return FileVisitResult.CONTINUE;
          }

          /** Other runs may be deleting, too. */
          @Override
          public FileVisitResult visitFileFailed(Path gone, IOException e) {
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path each, IOException e) {
            if (!each.equals(root)) {
              deleteIfEmpty(each);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static void deleteIfEmpty(Path folder) {
    try {
      Files.deleteIfExists(folder);
    } catch (IOException notEmptyOrNotOurs) {
      // an empty folder does no harm
    }
  }
}
