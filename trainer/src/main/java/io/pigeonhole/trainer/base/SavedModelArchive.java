package io.pigeonhole.trainer.base;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.ArchiveEntry;
import org.apache.commons.compress.archivers.ArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveInputStream;

/** A SavedModel in a {@code .zip} or {@code .tar.gz}, at its root or in one folder. */
public final class SavedModelArchive {

  /**
   * The files of a SavedModel that are needed. Others are passed over, wherever they want to go.
   */
  private static final Pattern FILE =
      Pattern.compile(
          "(?<folder>|.*/)(?<file>saved_model\\.pb|variables/variables\\.(index|data-\\d+-of-\\d+))");

  private static final long MOST_BYTES = 4L << 30;
  private static final int MOST_ENTRIES = 10_000;
  private static final int BUFFER = 1 << 16;

  private SavedModelArchive() {}

  /** Whether the name of a file is that of an archive. */
  public static boolean isOne(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.endsWith(".zip") || lower.endsWith(".tar.gz") || lower.endsWith(".tgz");
  }

  /**
   * Unpacks a SavedModel.
   *
   * @param folder to unpack into, empty
   * @throws IOException if it is no archive, is too large, or has not exactly one SavedModel
   */
  public static void unpack(Path archive, Path folder) throws IOException {
    boolean zip = archive.toString().toLowerCase(Locale.ROOT).endsWith(".zip");
    try (InputStream in = new BufferedInputStream(Files.newInputStream(archive));
        ArchiveInputStream<?> entries =
            zip
                ? new ZipArchiveInputStream(in)
                : new TarArchiveInputStream(new GZIPInputStream(in))) {
      unpack(archive, entries, folder);
    } catch (RuntimeException e) { // of a damaged archive
      throw new IOException("%s cannot be unpacked: %s".formatted(archive, e.getMessage()), e);
    }
  }

  private static void unpack(Path archive, ArchiveInputStream<?> entries, Path folder)
      throws IOException {
    Optional<String> root = Optional.empty();
    long left = MOST_BYTES;
    int seen = 0;
    for (ArchiveEntry entry = entries.getNextEntry();
        entry != null;
        entry = entries.getNextEntry()) {
      if (++seen > MOST_ENTRIES) {
        throw new IOException("%s has more than %,d files".formatted(archive, MOST_ENTRIES));
      }
      Matcher name = FILE.matcher(entry.getName());
      if (entry.isDirectory() || !name.matches()) {
        continue;
      }
      if (!root.orElse(name.group("folder")).equals(name.group("folder"))) {
        throw new IOException("%s has more than one SavedModel".formatted(archive));
      }
      root = Optional.of(name.group("folder"));
      Path file = folder.resolve(name.group("file"));
      Files.createDirectories(file.getParent());
      left -= copy(archive, entries, file, left);
    }
    if (!Files.exists(folder.resolve("saved_model.pb"))) {
      throw new IOException("%s has no saved_model.pb".formatted(archive));
    }
  }

  private static long copy(Path archive, InputStream in, Path file, long most) throws IOException {
    long copied = 0;
    byte[] buffer = new byte[BUFFER];
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        copied += read;
        if (copied > most) {
          throw new IOException(
              "%s has more than %d GiB unpacked".formatted(archive, MOST_BYTES >> 30));
        }
        out.write(buffer, 0, read);
      }
    }
    return copied;
  }
}
