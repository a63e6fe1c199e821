package io.pigeonhole.trainer.data;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folder in which data sets are kept decoded. Of those that were not used for longest, as many
 * go as have to, so that all together stay within a limit; a set that is going to be added may
 * exceed it while it takes over from them what they have in common.
 *
 * @param root of all caches
 * @param limit bytes
 */
record CacheFolder(Path root, long limit) {

  /**
   * Makes room for a data set on the disk.
   *
   * @param folder its own, which is kept
   * @param bytes that it is going to take
   * @throws IOException if the disk has no room for it
   */
  void makeRoom(Path folder, long bytes) throws IOException {
    Files.createDirectories(folder);
    long present = bytes(folder);
    for (Old old : others(folder)) {
      if (free() + present < bytes) {
        delete(old.folder());
      }
    }
    long free = free();
    if (free + present < bytes) {
      throw new IOException(
          ("decoded, the data set takes %d MB of disk; %s has %d MB left: free some, or name a"
                  + " folder on another disk with --cache")
              .formatted(bytes >> 20, root, free >> 20));
    }
  }

  private long free() throws IOException {
    return Files.getFileStore(root).getUsableSpace();
  }

  /**
   * Keeps all together within the limit.
   *
   * @param folder of a data set that stays, even if it alone takes more
   * @param bytes that it takes or is going to take
   */
  void keepWithinLimit(Path folder, long bytes) throws IOException {
    List<Old> others = others(folder);
    long taken = bytes + others.stream().mapToLong(Old::bytes).sum();
    for (Old old : others) {
      if (taken > limit && delete(old.folder())) {
        taken -= old.bytes();
      }
    }
  }

  /** Deletes what others have left behind that were killed a day ago or earlier. */
  void sweep() throws IOException {
    Instant dayAgo = Instant.now().minus(1, ChronoUnit.DAYS);
    try (Stream<Path> all = Files.list(root)) {
      for (Path each : all.filter(Files::isRegularFile).toList()) {
        if (Files.getLastModifiedTime(each).toInstant().isBefore(dayAgo)) {
          Files.deleteIfExists(each);
        }
      }
    }
  }

  /** A data set that is kept. */
  private record Old(Path folder, FileTime used, long bytes) {}

  /** Those not used for longest first. */
  private List<Old> others(Path folder) throws IOException {
    List<Old> others = new ArrayList<>();
    try (Stream<Path> all = Files.list(root)) {
      for (Path each : all.filter(Files::isDirectory).toList()) {
        Path states = PixelCache.states(each);
        if (!each.equals(folder) && Files.exists(states)) {
          others.add(new Old(each, Files.getLastModifiedTime(states), bytes(each)));
        }
      }
    }
    others.sort(Comparator.comparing(Old::used));
    return others;
  }

  private static long bytes(Path folder) throws IOException {
    Path pixels = PixelCache.pixels(folder);
    return Files.exists(pixels) ? Files.size(pixels) : 0;
  }

  /**
   * Deletes a data set, unless it is just being prepared. Whoever is reading it goes on: a file
   * that is open outlives its name.
   */
  private static boolean delete(Path folder) throws IOException {
    try (FileChannel locking = PixelCache.locking(folder);
        FileLock lock = locking.tryLock()) {
      if (lock == null) {
        return false;
      }
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.toList()) {
          Files.deleteIfExists(file);
        }
      }
    }
    Files.deleteIfExists(folder);
    return true;
  }
}
