package io.pigeonhole.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.stream.Stream;

/** The folder of everything that survives a restart, held by one instance at a time. */
final class DataFolder implements AutoCloseable {
  private final Path path;
  private final FileChannel lock;

  private DataFolder(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  /**
   * Creates the folder when missing and takes it.
   *
   * @throws StartException when it cannot be written, or another instance has it
   */
  static DataFolder open(Path path) throws StartException {
    FileChannel channel = openLockFile(path);
    try {
      if (channel.tryLock() != null) {
        channel.truncate(0);
        byte[] pid = String.valueOf(ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8);
        channel.write(ByteBuffer.wrap(pid));
        return new DataFolder(path, channel);
      }
    } catch (OverlappingFileLockException e) {
      // Held by this very process; the message is the same
    } catch (IOException e) {
      throw unusable(path, e);
    }
    throw new StartException(
        "the data folder %s is in use by another instance (process %s); end it, or choose another folder with -Dlocal.data=…"
            .formatted(path, holder(path)));
  }

  private static FileChannel openLockFile(Path path) throws StartException {
    try {
      Files.createDirectories(path);
      return FileChannel.open(
          path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw unusable(path, e);
    }
  }

  private static StartException unusable(Path path, IOException e) {
    return new StartException(
        "the data folder %s cannot be written (%s: %s); choose another with -Dlocal.data=…"
            .formatted(path, e.getClass().getSimpleName(), e.getMessage()),
        e);
  }

  private static String holder(Path path) {
    try {
      return Files.readString(path.resolve("lock"));
    } catch (IOException e) {
      return "unknown";
    }
  }

  Path path() {
    return path;
  }

  /** Where the S3 server keeps its objects. */
  Path objects() {
    return path.resolve("s3");
  }

  /** An empty folder for what need not survive; what a killed process left there is deleted. */
  Path temporary(String name) throws IOException {
    Path folder = path.resolve("tmp").resolve(name);
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
    return Files.createDirectories(folder);
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      // The lock ends with the process at the latest
    }
  }
}
