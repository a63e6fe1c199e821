package io.pigeonhole.trainer.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import io.pigeonhole.image.Resize;
import io.pigeonhole.model.Calibration;
import io.pigeonhole.model.FolderModelStore;
import io.pigeonhole.model.Input;
import io.pigeonhole.model.Manifest;
import io.pigeonhole.model.Metrics;
import io.pigeonhole.model.ModelFile;
import io.pigeonhole.model.ModelRepository;
import io.pigeonhole.model.ModelVersion;
import io.pigeonhole.model.Output;
import io.pigeonhole.model.Training;
import io.pigeonhole.trainer.data.ColouredShapes;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SameImagesTest {

  private static final String SHA256 = "ab".repeat(32);

  @TempDir private Path folder;

  @Test
  void keepsAModelOfAnotherImageSizeThatWasMeasuredOnOtherImages() throws Exception {
    Manifest inService = manifest(32, "1", 0.9);
    assertThat(gate().refusal(manifest(16, "2", 0.5), inService).orElseThrow())
        .contains("takes images of another size");
    assertThat(gate().refusal(manifest(16, "1", 0.9), inService)).isEmpty();
    assertThat(gate().refusal(manifest(16, "1", 0.5), inService)).isPresent();
  }

  @Test
  void replacesAModelThatCannotBeUsed() throws Exception {
    assertThat(gate().refusal(manifest(32, "2", 0.5), manifest(32, "1", 0.9))).isEmpty();
  }

  private SameImages gate() {
    ModelRepository empty = new ModelRepository(new FolderModelStore(folder), "shapes");
    return new SameImages(empty, ColouredShapes.images(10, 1), 0.005);
  }

  private static Manifest manifest(int size, String dataset, double accuracy) {
    Instant time = Instant.parse("2026-01-01T00:00:00Z");
    Metrics.ClassMetrics each = new Metrics.ClassMetrics(accuracy, accuracy, accuracy, 5);
    return new Manifest(
        "shapes",
        ModelVersion.of(time, SHA256),
        time,
        List.of(new ModelFile(Manifest.SAVED_MODEL, 10, SHA256)),
        List.of("red", "green"),
        new Input("image", Input.Dtype.UINT8, size, size, 3, Resize.CROP, 1),
        new Output("probabilities"),
        new Calibration(1, 0.5, 0.95, 0.5),
        new Metrics(
            accuracy, 1, 0, OptionalDouble.empty(), Map.of("red", each, "green", each), List.of()),
        List.of(),
        new Training("fast", "shapes", dataset.repeat(64), 10, 1, 2, 3, "CPU", "2.18.0"));
  }
}
