package io.pigeonhole.local;

import io.pigeonhole.model.Manifest;
import io.pigeonhole.model.Metrics;
import io.pigeonhole.model.ModelFile;
import io.pigeonhole.model.ModelVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;

/** Makes versions of a model that differ from another in nothing but their time and files. */
final class NewVersion {
  private NewVersion() {}

  /** The files of the folder as a version of now. */
  static Manifest of(Manifest before, Path files) throws IOException {
    return of(before, files, Instant.now());
  }

  /** The files of the folder as a version of a time. */
  static Manifest of(Manifest before, Path files, Instant time) throws IOException {
    return of(before, files, time, before.metrics());
  }

  /** The files of the folder as a version of a time, which is as good as that. */
  static Manifest of(Manifest before, Path files, Instant time, Metrics metrics)
      throws IOException {
    List<ModelFile> found;
    try (Stream<Path> paths = Files.list(files)) {
      found = paths.map(path -> modelFile(files, path)).toList();
    }
    String sha256 =
        found.stream()
            .filter(file -> file.path().equals(Manifest.SAVED_MODEL))
            .findFirst()
            .orElseThrow()
            .sha256();
    Instant second = time.truncatedTo(ChronoUnit.SECONDS);
    return new Manifest(
        before.name(),
        ModelVersion.of(second, sha256),
        second,
        found,
        before.classes(),
        before.input(),
        before.output(),
        before.calibration(),
        metrics,
        before.probes(),
        before.training());
  }

  private static ModelFile modelFile(Path root, Path file) {
    try {
      return ModelFile.of(root, file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
