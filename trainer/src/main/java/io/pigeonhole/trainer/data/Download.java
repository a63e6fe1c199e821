package io.pigeonhole.trainer.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A file that is fetched once and kept. What is in the cache was complete and had the right
 * checksum; a download that broke off goes on where it was.
 *
 * @param address where it is published; the last part of its path names the file
 * @param size in bytes
 * @param checksum of the content; without one, whoever reads the file has to look at all of it
 * @param cache folder that keeps it
 * @param instead what to do where it cannot be fetched, for the message
 */
public record Download(
    URI address, long size, Optional<Checksum> checksum, Path cache, String instead) {

  private static final int TIMEOUT_MS = 30_000;
  private static final int TRIES = 3;
  private static final int BUFFER = 1 << 16;

  /** A lock of a file keeps other processes out, but not other threads. */
  private static final Object ALONE = new Object();

  /** The same file from another address. */
  public Download from(URI other) {
    return new Download(other, size, checksum, cache, instead);
  }

  /** Hears how far a download is. */
  @FunctionalInterface
  public interface Listener {
    void received(long bytes, long total);
  }

  /**
   * The file in the cache, downloaded if it is not there yet. One process does so at a time; others
   * wait for it.
   *
   * @throws InvalidDataException if what is published there is something else
   * @throws IOException if it cannot be fetched; the message names the address
   */
  public Path fetch(Listener listener) throws IOException, InvalidDataException {
    Files.createDirectories(cache);
    String path = address.getPath();
    Path file = cache.resolve(path.substring(path.lastIndexOf('/') + 1));
    if (isThere(file)) {
      return file;
    }
    Path lock = file.resolveSibling(file.getFileName() + ".lock");
    synchronized (ALONE) {
      try (FileChannel locking =
          FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        locking.lock(); // until it is closed
        return isThere(file) ? file : fetched(file, listener); // by another one meanwhile
      }
    }
  }

  private boolean isThere(Path file) throws IOException {
    return Files.isRegularFile(file) && Files.size(file) == size && mismatch(file).isEmpty();
  }

  /** The checksum of a file, if it is another one. */
  private Optional<Checksum> mismatch(Path file) throws IOException {
    if (checksum.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(checksum.get().of(file)).filter(found -> !found.equals(checksum.get()));
  }

  private Path fetched(Path file, Listener listener) throws IOException, InvalidDataException {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    download(part, listener);
    Optional<Checksum> mismatch = mismatch(part);
    if (mismatch.isPresent()) {
      Files.delete(part);
      throw new InvalidDataException(
          "%s has the %s %s; expected %s"
              .formatted(
                  address,
                  mismatch.get().algorithm(),
                  mismatch.get().hex(),
                  checksum.orElseThrow().hex()));
    }
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return file;
  }

  private void download(Path part, Listener listener) throws IOException, InvalidDataException {
    for (int left = TRIES; ; left--) {
      try {
        receive(part, listener);
        return;
      } catch (IOException e) {
        if (left == 1) {
          throw new IOException(
              "cannot fetch %s: %s; %s instead".formatted(address, reason(e), instead), e);
        }
      }
    }
  }

  private static String reason(IOException e) {
    String message = e.getMessage();
    return e instanceof UnknownHostException
        ? "unknown host " + message
        : message == null ? e.getClass().getSimpleName() : message;
  }

  private void receive(Path part, Listener listener) throws IOException, InvalidDataException {
    long present = Files.exists(part) ? Files.size(part) : 0;
    if (present > size) {
      Files.delete(part);
      present = 0;
    }
    if (present == size) {
      return;
    }
    HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
    connection.setConnectTimeout(TIMEOUT_MS);
    connection.setReadTimeout(TIMEOUT_MS);
    if (present > 0) {
      connection.setRequestProperty("Range", "bytes=" + present + "-");
    }
    try {
      boolean resumed = resumed(connection);
      if (!resumed) {
        Files.deleteIfExists(part);
      }
      append(connection, part, resumed ? present : 0, listener);
    } finally {
      connection.disconnect();
    }
  }

  private boolean resumed(HttpURLConnection connection) throws IOException, InvalidDataException {
    int status = connection.getResponseCode();
    if (status != HttpURLConnection.HTTP_OK && status != HttpURLConnection.HTTP_PARTIAL) {
      throw new IOException("it answers with HTTP status " + status);
    }
    boolean partial = status == HttpURLConnection.HTTP_PARTIAL;
    long announced = connection.getContentLengthLong();
    if (!partial && announced >= 0 && announced != size) {
      throw new InvalidDataException(
          "%s has %d bytes; expected %d".formatted(address, announced, size));
    }
    return partial;
  }

  private void append(HttpURLConnection connection, Path part, long present, Listener listener)
      throws IOException, InvalidDataException {
    long received = present;
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = connection.getInputStream();
        OutputStream out =
            Files.newOutputStream(part, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        received += read;
        if (received > size) {
          throw new InvalidDataException(
              "%s has more than the expected %d bytes".formatted(address, size));
        }
        out.write(buffer, 0, read);
        listener.received(received, size);
      }
    }
    if (received < size) {
      throw new IOException("it broke off after %d of %d bytes".formatted(received, size));
    }
  }
}
