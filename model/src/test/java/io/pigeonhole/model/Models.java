package io.pigeonhole.model;

import io.pigeonhole.image.Resize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Small versions of a model, for tests of their way through a store. */
final class Models {
  private Models() {}

  /** Writes a version whose graph is the given bytes, and describes it. */
  static Manifest write(Path folder, byte[] graph, Instant createdAt, double accuracy)
      throws IOException {
    Path file = Files.write(folder.resolve(Manifest.SAVED_MODEL), graph);
    ModelFile described = ModelFile.of(folder, file);
    return new Manifest(
        "cifar10",
        ModelVersion.of(createdAt, described.sha256()),
        createdAt,
        List.of(described),
        List.of("cat", "dog"),
        Input.uint8("images", 32, 32, 3, Resize.CROP),
        new Output("probabilities"),
        new Calibration(1.2, 0.7, 0.95, 0.8),
        metrics(accuracy),
        List.of(List.of(0.25, 0.75), List.of(1.0, 0.0)),
        training("0".repeat(64)));
  }

  /** The same of a network that also says how novel images are. */
  static Manifest withNovelty(Manifest manifest) {
    Calibration before = manifest.calibration();
    return new Manifest(
        manifest.name(),
        manifest.version(),
        manifest.createdAt(),
        manifest.files(),
        manifest.classes(),
        manifest.input(),
        new Output(manifest.output().tensor(), Optional.of("novelty")),
        new Calibration(
            before.temperature(),
            before.threshold(),
            before.targetPrecision(),
            before.coverage(),
            OptionalDouble.of(0.95)),
        manifest.metrics(),
        manifest.probes(),
        manifest.training());
  }

  static Training training(String datasetSha256) {
    return new Training("fast", "test", datasetSha256, 10, 1, 2, 3.5, "CPU", "2.18.0");
  }

  private static Metrics metrics(double accuracy) {
    Metrics.ClassMetrics each = new Metrics.ClassMetrics(accuracy, accuracy, accuracy, 5);
    return new Metrics(
        accuracy,
        0.5,
        0.01,
        OptionalDouble.of(0.04),
        Map.of("cat", each, "dog", each),
        List.of(List.of(3, 1), List.of(0, 4)));
  }
}
