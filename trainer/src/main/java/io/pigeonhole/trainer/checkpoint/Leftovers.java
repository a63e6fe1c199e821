package io.pigeonhole.trainer.checkpoint;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

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
    List<Path> folders = new ArrayList<>();
    for (Path each : inside(folder.toRealPath())) {
      if (Files.isDirectory(each)) {
        folders.add(each);
      } else if (isOlder(each, before)) {
        Files.deleteIfExists(each);
      }
    }
    folders.sort(Comparator.reverseOrder()); // those inside of others first
    folders.forEach(Leftovers::deleteIfEmpty);
  }

  /** Without the folder itself; other runs may be deleting, too. */
  private static List<Path> inside(Path folder) throws IOException {
    List<Path> found = new ArrayList<>();
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path each, BasicFileAttributes attributes) {
            return each.equals(folder) ? FileVisitResult.CONTINUE : visitFile(each, attributes);
          }

          @Override
          public FileVisitResult visitFile(Path each, BasicFileAttributes attributes) {
            if (attributes.isRegularFile() || attributes.isDirectory()) {
              found.add(each);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path gone, IOException e) {
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path gone, IOException e) {
            return FileVisitResult.CONTINUE;
          }
        });
    return found;
  }

  private static boolean isOlder(Path file, Instant than) throws IOException {
    try {
      return Files.getLastModifiedTime(file).toInstant().isBefore(than);
    } catch (NoSuchFileException gone) {
      return false;
    }
  }

  private static void deleteIfEmpty(Path folder) {
    try {
      Files.deleteIfExists(folder);
    } catch (IOException notEmptyOrNotOurs) {
      // an empty folder does no harm
    }
  }
}
