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
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * An archive that is fetched once and kept. What is in the cache was complete and had the right
 * checksum; a download that broke off goes on where it was.
 *
 * @param address where it is published
 * @param size in bytes
 * @param md5 lower-case hex, as published
 * @param cache folder that keeps it
 */
public record CifarDownload(URI address, long size, String md5, Path cache) {

  private static final int TIMEOUT_MS = 30_000;
  private static final int TRIES = 3;
  private static final int BUFFER = 1 << 16;

  /** A lock of a file keeps other processes out, but not other threads. */
  private static final Object ALONE = new Object();

  /** CIFAR-10, binary version, from its home page. */
  public static CifarDownload official(Path cache) {
    return new CifarDownload(
        URI.create("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"),
        170_052_171,
        "c32a1d4ab5d03f1284b67883e8d87530",
        cache);
  }

  /** Hears how far a download is. */
  @FunctionalInterface
  public interface Listener {
    void received(long bytes, long total);
  }

  /**
   * The archive in the cache, downloaded if it is not there yet. One process does so at a time;
   * others wait for it.
   *
   * @throws InvalidDataException if what is published there is something else
   * @throws IOException if it cannot be fetched; the message names the address
   */
  public Path fetch(Listener listener) throws IOException, InvalidDataException {
    Files.createDirectories(cache);
    String path = address.getPath();
    Path archive = cache.resolve(path.substring(path.lastIndexOf('/') + 1));
    if (isThere(archive)) {
      return archive;
    }
    Path lock = archive.resolveSibling(archive.getFileName() + ".lock");
    synchronized (ALONE) {
      try (FileChannel locking =
          FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        locking.lock(); // until it is closed
        return isThere(archive) ? archive : fetched(archive, listener); // by another one meanwhile
      }
    }
  }

  private boolean isThere(Path archive) throws IOException {
    return Files.isRegularFile(archive) && Files.size(archive) == size && md5(archive).equals(md5);
  }

  private Path fetched(Path archive, Listener listener) throws IOException, InvalidDataException {
    Path part = archive.resolveSibling(archive.getFileName() + ".part");
    download(part, listener);
    String found = md5(part);
    if (!found.equals(md5)) {
      Files.delete(part);
      throw new InvalidDataException(
          "%s has the MD5 %s; expected %s".formatted(address, found, md5));
    }
    Files.move(part, archive, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return archive;
  }

  private void download(Path part, Listener listener) throws IOException, InvalidDataException {
    for (int left = TRIES; ; left--) {
      try {
        receive(part, listener);
        return;
      } catch (IOException e) {
        if (left == 1) {
          throw new IOException(
              "cannot fetch %s: %s; give a folder or an archive with --data instead"
                  .formatted(address, reason(e)),
              e);
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

  private static String md5(Path file) throws IOException {
    try (DigestInputStream in =
        new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("MD5"))) {
      in.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(in.getMessageDigest().digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has MD5", e);
    }
  }
}
