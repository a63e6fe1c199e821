package io.pigeonhole.local.s3;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes each file whole or not at all: S3Mock keeps the list of a bucket's keys in one JSON file,
 * which it would otherwise leave truncated, and the bucket unreadable, when killed at the wrong
 * moment.
 */
class AtomicFilesJsonMapper extends JsonMapper {
  private static final long serialVersionUID = 1L;

  AtomicFilesJsonMapper(JsonMapper.Builder settings) {
    super(settings);
  }

  @Override
  public void writeValue(File file, Object value) {
    Path target = file.toPath();
    try {
      // Unique, because S3Mock writes some files from several threads
      Path part = Files.createTempFile(target.getParent(), target.getFileName().toString(), ".new");
      try {
        super.writeValue(part.toFile(), value);
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file + ": " + e.getMessage(), e);
    }
  }
}
