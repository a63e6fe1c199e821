package io.pigeonhole.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * A file of a model version.
 *
 * @param path relative to the version's folder, {@code /} between its parts, nothing that could
 *     leave the folder
 * @param size bytes
 * @param sha256 64 lower-case hexadecimal digits
 */
public record ModelFile(String path, long size, String sha256) {
  private static final Pattern PATH =
      Pattern.compile("(?=.{1,200}$)[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*");
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  // TensorFlow reads a graph of at most 2 GiB.
  private static final long MAX_SIZE = 2L << 30;

  public ModelFile {
    Field.require(PATH.matcher(path).matches(), "path", path, "must match " + PATH);
    Field.require(size >= 0 && size <= MAX_SIZE, "size", size, "must be 0 to " + MAX_SIZE);
    Field.require(SHA256.matcher(sha256).matches(), "sha256", sha256, "must match " + SHA256);
  }

  /** Describes a file as it is on disk now. */
  public static ModelFile of(Path root, Path file) throws IOException {
    MessageDigest digest = Sha256.digest();
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      long size = in.transferTo(OutputStream.nullOutputStream());
      String path = root.relativize(file).toString().replace('\\', '/');
      return new ModelFile(path, size, HexFormat.of().formatHex(digest.digest()));
    }
  }
}
