package io.pigeonhole.trainer.data;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A folder of this machine. Links are followed, those that lead in circles only once. */
record FolderPlace(Path root) implements ImagePlace {

  @Override
  public String name() {
    return root.toString();
  }

  @Override
  public void list(Found found) throws IOException, InvalidDataException {
    Walk walk = new Walk(found);
    Files.walkFileTree(root, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, walk);
    if (walk.refusal != null) {
      throw walk.refusal;
    }
  }

  @Override
  public Set<String> folders(String folder) throws IOException {
    try (Stream<Path> all = Files.list(root.resolve(folder))) {
      return all.filter(Files::isDirectory)
          .map(path -> path.getFileName().toString())
          .collect(Collectors.toSet());
    }
  }

  @Override
  public Map<String, Stored> files(String folder) throws IOException {
    Map<String, Stored> files = new HashMap<>();
    Path within;
    try {
      within = root.resolve(folder);
    } catch (InvalidPathException e) { // no such letters in this locale
      return files;
    }
    if (Files.isDirectory(within)) {
      try (DirectoryStream<Path> all = Files.newDirectoryStream(within, Files::isRegularFile)) {
        for (Path file : all) {
          BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
          files.put(
              file.getFileName().toString(), new Stored(attributes.size(), stamp(attributes)));
        }
      }
    }
    return files;
  }

  @Override
  public Optional<String> relative(String absolute) {
    try {
      Path path = Path.of(absolute).normalize();
      Path whole = root.toAbsolutePath().normalize();
      return path.startsWith(whole) ? Optional.of(key(whole.relativize(path))) : Optional.empty();
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static String stamp(BasicFileAttributes attributes) {
    return Long.toString(attributes.lastModifiedTime().toMillis());
  }

  private static String key(Path relative) {
    return relative.toString().replace(relative.getFileSystem().getSeparator(), "/");
  }

  @Override
  public byte[] read(String key, String stamp) throws MissingImageException {
    try {
      return Files.readAllBytes(root.resolve(key));
    } catch (IOException | InvalidPathException e) { // the latter: no such letters in this locale
      throw new MissingImageException(e);
    }
  }

  /** Objects that were not uploaded in parts have their MD5 as an ETag. */
  @Override
  public boolean has(String key, String stamp, String etag) {
    try {
      MessageDigest md5 = MessageDigest.getInstance("MD5");
      return HexFormat.of()
          .formatHex(md5.digest(Files.readAllBytes(root.resolve(key))))
          .equals(etag);
    } catch (IOException | InvalidPathException unreadable) {
      return false;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has MD5", e);
    }
  }

  private final class Walk extends SimpleFileVisitor<Path> {
    private final Found found;
    private InvalidDataException refusal;

    Walk(Found found) {
      this.found = found;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      if (folder.equals(root)) {
        return FileVisitResult.CONTINUE;
      }
      if (Names.ignored(key(folder))) {
        return FileVisitResult.SKIP_SUBTREE;
      }
      try {
        found.folder(key(folder));
        return FileVisitResult.CONTINUE;
      } catch (InvalidDataException e) {
        return refused(e);
      }
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      if (!attributes.isRegularFile()) {
        return visitFileFailed(file, new IOException("not a file"));
      }
      try {
        found.file(key(file), attributes.size(), stamp(attributes));
        return FileVisitResult.CONTINUE;
      } catch (InvalidDataException e) {
        return refused(e);
      }
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
      boolean circle = e instanceof FileSystemLoopException;
      if (file.equals(root) || (Files.isDirectory(file) && !circle && !Names.ignored(key(file)))) {
        throw e; // a whole class may be in it
      }
      found.unusable(key(file), "unreadable");
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, IOException e) throws IOException {
      if (e != null) {
        throw e;
      }
      return FileVisitResult.CONTINUE;
    }

    private FileVisitResult refused(InvalidDataException e) {
      refusal = e;
      return FileVisitResult.TERMINATE;
    }

    private String key(Path path) {
      return FolderPlace.key(root.relativize(path));
    }
  }
}
