package io.pigeonhole.trainer.data;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What a file's content is recognised by.
 *
 * @param algorithm as Java names it, such as {@code MD5}
 * @param hex lower-case, as published
 */
public record Checksum(String algorithm, String hex) {

  public static Checksum md5(String hex) {
    return new Checksum("MD5", hex);
  }

  /** The checksum of a file by the same algorithm. */
  Checksum of(Path file) throws IOException {
    try (DigestInputStream in =
        new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance(algorithm))) {
      in.transferTo(OutputStream.nullOutputStream());
      return new Checksum(algorithm, HexFormat.of().formatHex(in.getMessageDigest().digest()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no " + algorithm, e);
    }
  }
}
