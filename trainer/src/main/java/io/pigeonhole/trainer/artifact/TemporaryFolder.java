package io.pigeonhole.trainer.artifact;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder that is gone, with all in it, once it is closed. */
public record TemporaryFolder(Path path) implements AutoCloseable {

  /** Makes one, empty. */
  public TemporaryFolder() throws IOException {
    this(Files.createTempDirectory("pigeonhole-"));
  }

  @Override
  public void close() throws IOException {
    List<Path> deepestFirst;
    try (Stream<Path> all = Files.walk(path)) {
      deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : deepestFirst) {
      Files.delete(each);
    }
  }
}
