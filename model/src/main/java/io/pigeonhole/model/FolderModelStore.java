package io.pigeonhole.model;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A models bucket that is a folder: a key is a path in it. Writes are atomic; conditional ones
 * exclude each other among processes on the same machine.
 */
public final class FolderModelStore implements ModelStore {
  private static final Object IN_THIS_PROCESS = new Object();
  private static final String LOCK = ".lock";

  private final Path root;

  public FolderModelStore(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  @Override
  public Fetched get(String key) throws IOException {
    try (InputStream in = open(key)) {
      byte[] bytes = Small.read(in, resolve(key));
      return new Fetched.Found(bytes, etag(bytes));
    } catch (NoSuchFileException e) {
      return new Fetched.Missing();
    }
  }

  @Override
  public Fetched getIfChanged(String key, String etag) throws IOException {
    Fetched fetched = get(key);
    return fetched instanceof Fetched.Found found && found.etag().equals(etag)
        ? new Fetched.Unchanged()
        : fetched;
  }

  @Override
  public InputStream open(String key) throws IOException {
    return Files.newInputStream(resolve(key));
  }

  @Override
  public void put(String key, Path file) throws IOException {
    Path target = resolve(key);
    Path partial = partial(target);
    try {
      Files.copy(file, partial, REPLACE_EXISTING);
      Files.move(partial, target, ATOMIC_MOVE, REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  @Override
  public boolean putIfMatch(String key, byte[] bytes, Optional<String> etag) throws IOException {
    Path target = resolve(key);
    Path partial = partial(target);
    synchronized (IN_THIS_PROCESS) {
      try (FileChannel channel = FileChannel.open(root.resolve(LOCK), CREATE, WRITE);
          var lock = channel.lock()) {
        Optional<String> present =
            get(key) instanceof Fetched.Found found ? Optional.of(found.etag()) : Optional.empty();
        if (!lock.isValid() || !present.equals(etag)) {
          return false;
        }
        Files.write(partial, bytes);
        Files.move(partial, target, ATOMIC_MOVE, REPLACE_EXISTING);
        return true;
      } finally {
        Files.deleteIfExists(partial);
      }
    }
  }

  @Override
  public void delete(String key) throws IOException {
    Files.deleteIfExists(resolve(key));
  }

  @Override
  public List<String> list(String prefix) throws IOException {
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> root.relativize(file).toString().replace('\\', '/'))
          .filter(key -> key.startsWith(prefix))
          .sorted()
          .toList();
    }
  }

  private static Path partial(Path target) throws IOException {
    Files.createDirectories(target.getParent());
    return Files.createTempFile(target.getParent(), target.getFileName() + ".", ".part");
  }

  private Path resolve(String key) throws IOException {
    Path path = root.resolve(key).normalize();
    if (!path.startsWith(root)) {
      throw new IOException("the key " + key + " leaves the folder " + root);
    }
    return path;
  }

  private static String etag(byte[] bytes) {
    return '"' + HexFormat.of().formatHex(Sha256.digest().digest(bytes)) + '"';
  }
}
