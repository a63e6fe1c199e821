package io.pigeonhole.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.pigeonhole.local.bench.Program;
import io.pigeonhole.model.Gate;
import io.pigeonhole.model.Manifest;
import io.pigeonhole.model.ModelRepository;
import io.pigeonhole.model.S3ModelStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Native memory is freed on every path: a process that has classified 200,000 images with 200
 * models is no larger than one with a tenth of it. Run with {@code -Psoak}.
 */
@Tag("soak")
class SoakIT {
  private static final int SWAPS = 200;
  private static final int IMAGES_A_SWAP = 1000;

  /** What the garbage collector and malloc may still have to settle. */
  private static final double TOLERANCE = 1.05;

  @TempDir private Path data;
  @TempDir private Path files;

  @Test
  void isNoLargerAfterManyImagesAndModels() throws Exception {
    try (LabelAlone label = new LabelAlone(data, s3 -> s3)) {
      ModelRepository repository =
          new ModelRepository(new S3ModelStore(label.s3(), Buckets.MODELS), "cifar10");
      Manifest bundled = repository.current().orElseThrow().manifest();
      repository.download(bundled, files);
      Path event =
          Files.writeString(
              data.resolve("event.json"), BenchmarkPrograms.event(Scenes.jpeg("cat")));
      List<Long> megabytes = new ArrayList<>();
      try (Program classify =
          BenchmarkPrograms.java(
              label.endpoint(),
              "HandlerCall",
              Map.of("PIGEONHOLE_MODEL_REFRESH", "PT0S"),
              event.toString())) {
        for (int i = 0; i < SWAPS; i++) {
          Manifest next = NewVersion.of(bundled, files, Instant.now().plusSeconds(i));
          repository.publish(next, files);
          repository.promote(next.version(), Gate.open());
          classify.measure(IMAGES_A_SWAP);
          megabytes.add(classify.residentMegabytes());
        }
      }
      long early = Collections.max(megabytes.subList(0, SWAPS / 10));
      long late = Collections.max(megabytes.subList(SWAPS - SWAPS / 10, SWAPS));
      System.out.printf(
          Locale.ROOT,
          "%d images, %d models: at most %d MB resident in the first tenth, %d MB in the last%n",
          SWAPS * IMAGES_A_SWAP,
          SWAPS,
          early,
          late);
      assertThat((double) late).as("%s", megabytes).isLessThan(TOLERANCE * early);
    }
  }
}
