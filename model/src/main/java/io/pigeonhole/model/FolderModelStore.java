package io.pigeonhole.model;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A models bucket that is a folder: a key is a path in it. Writes are atomic; conditional ones
 * exclude each other among processes on the same machine.
 */
public final class FolderModelStore implements ModelStore {
  private static final Object IN_THIS_PROCESS = new Object();
  private static final String LOCK = ".lock";
  private static final int TRIES = 100;

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
      try (OutputStream out = Files.newOutputStream(partial)) { // never an empty folder
        Files.copy(file, out);
      }
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
    Path file = resolve(key);
    Files.deleteIfExists(file);
    for (Path folder = file.getParent(); isInside(folder); folder = folder.getParent()) {
      if (Files.isSymbolicLink(folder)) {
        return;
      }
      try {
        Files.deleteIfExists(folder); // like S3, this knows no empty ones
      } catch (IOException notEmptyOrNotOurs) {
        return; // the object is gone all the same
      }
    }
  }

  @Override
  public List<String> list(String prefix) throws IOException {
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    List<String> keys = new ArrayList<>();
    Files.walkFileTree(root, new Keys(root, prefix, keys));
    keys.sort(null);
    return keys;
  }

  /** Files and folders may be deleted meanwhile. */
  private static final class Keys extends SimpleFileVisitor<Path> {
    private final Path root;
    private final String prefix;
    private final List<String> found;

    Keys(Path root, String prefix, List<String> found) {
      this.root = root;
      this.prefix = prefix;
      this.found = found;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      String key = root.relativize(file).toString().replace('\\', '/');
      if (Files.isRegularFile(file) && key.startsWith(prefix)) {
        found.add(key);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
      return unlessGone(e);
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, IOException e) throws IOException {
      return unlessGone(e);
    }

    private static FileVisitResult unlessGone(IOException e) throws IOException {
      if (e != null && !(e instanceof NoSuchFileException)) {
        throw e;
      }
      return FileVisitResult.CONTINUE;
    }
  }

  private static Path partial(Path target) throws IOException {
    for (int tries = 1; ; tries++) {
      try {
        Files.createDirectories(target.getParent());
        // no temporary file: those are for nobody else to read
        return Files.createFile(
            target.resolveSibling(target.getFileName() + "." + UUID.randomUUID() + ".part"));
      } catch (NoSuchFileException | FileAlreadyExistsException e) {
        if (tries == TRIES) { // until then, somebody may be deleting the last of its neighbours
          throw e;
        }
      }
    }
  }

  private boolean isInside(Path folder) {
    return folder.startsWith(root) && !folder.equals(root);
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
