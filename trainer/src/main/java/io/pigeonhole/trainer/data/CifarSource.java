package io.pigeonhole.trainer.data;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/** Reads CIFAR-10 from a folder or from the archive as it is published. Nothing is unpacked. */
public final class CifarSource {

  /** The folder inside of the published archive. */
  private static final String FOLDER = "cifar-10-batches-bin";

  /** The archive has eight files; one that has many more is something else. */
  private static final int MOST_ENTRIES = 100;

  /** The archive holds 184 MB; one that unpacks to much more is something else. */
  private static final long MOST_BYTES = 256L << 20;

  private CifarSource() {}

  /** The binary version from the home page of CIFAR-10. */
  public static Download download(Path cache) {
    return new Download(
        URI.create("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"),
        170_052_171,
        Optional.of(Checksum.md5("c32a1d4ab5d03f1284b67883e8d87530")),
        cache,
        "give a folder or an archive with --data");
  }

  /** Whether a place looks like CIFAR-10, whole or not: an archive, or a folder with its files. */
  public static boolean isThere(Path place) {
    return !Files.isDirectory(place)
        || CifarFiles.names().stream()
            .anyMatch(
                name ->
                    Files.isRegularFile(place.resolve(name))
                        || Files.isRegularFile(place.resolve(FOLDER).resolve(name)));
  }

  /**
   * Reads a data set.
   *
   * @param place a folder with the binary batches (or with {@code cifar-10-batches-bin} in it), or
   *     a {@code .tar.gz} of them
   */
  public static Dataset read(Path place) throws IOException, InvalidDataException {
    if (Files.isDirectory(place)) {
      Path inner = place.resolve(FOLDER);
      return readFolder(Files.isDirectory(inner) ? inner : place);
    }
    if (Files.isRegularFile(place)) {
      return readArchive(place);
    }
    throw new InvalidDataException(place + " is neither a folder nor a file");
  }

  private static Dataset readFolder(Path folder) throws IOException, InvalidDataException {
    CifarFiles files = new CifarFiles(folder.toString());
    for (String name : CifarFiles.names()) {
      Path file = folder.resolve(name);
      if (Files.isRegularFile(file)) {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
          files.add(name, Files.size(file), in);
        }
      }
    }
    return files.dataset();
  }

  private static Dataset readArchive(Path archive) throws IOException, InvalidDataException {
    CifarFiles files = new CifarFiles(archive.toString());
    try (InputStream raw = new BufferedInputStream(Files.newInputStream(archive));
        InputStream bounded = new Bounded(new GzipCompressorInputStream(raw), MOST_BYTES);
        TarArchiveInputStream tar = new TarArchiveInputStream(bounded)) {
      int entries = 0;
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (++entries > MOST_ENTRIES) {
          throw new InvalidDataException(
              archive + " has more than " + MOST_ENTRIES + " entries: not CIFAR-10");
        }
        add(files, archive, entry, tar);
      }
    } catch (IOException e) {
      throw new InvalidDataException(
          "%s cannot be read as a .tar.gz: %s".formatted(archive, e.getMessage()), e);
    }
    return files.dataset();
  }

  private static void add(
      CifarFiles files, Path archive, TarArchiveEntry entry, TarArchiveInputStream tar)
      throws IOException, InvalidDataException {
    String name = entry.getName();
    if (name.startsWith("/") || Path.of(name).normalize().startsWith("..")) {
      throw new InvalidDataException(
          "%s has the entry '%s', which leaves its folder".formatted(archive, name));
    }
    String last = name.substring(name.lastIndexOf('/') + 1);
    if (!CifarFiles.expects(last)) {
      return;
    }
    if (!entry.isFile() || entry.isSymbolicLink() || entry.isLink()) {
      throw new InvalidDataException(
          "%s has the entry '%s', which is not a plain file".formatted(archive, name));
    }
    files.add(last, entry.getSize(), tar);
  }

  /** Ends with an error after a number of bytes, so that a small archive cannot fill the memory. */
  private static final class Bounded extends FilterInputStream {
    private long left;

    Bounded(InputStream in, long most) {
      super(in);
      this.left = most;
    }

    @Override
    public int read() throws IOException {
      int value = super.read();
      count(value < 0 ? 0 : 1);
      return value;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      int read = super.read(bytes, from, length);
      count(Math.max(0, read));
      return read;
    }

    @Override
    public long skip(long length) throws IOException {
      byte[] skipped = new byte[(int) Math.min(length, 8192)];
      return Math.max(0, read(skipped, 0, skipped.length));
    }

    private void count(int read) throws IOException {
      left -= read;
      if (left < 0) {
        throw new IOException("it unpacks to more than " + (MOST_BYTES >> 20) + " MiB");
      }
    }
  }
}
