package io.pigeonhole.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProbeAnswersTest {
  @TempDir private Path folder;
  private Manifest manifest;

  @BeforeEach
  void write() throws Exception {
    manifest = Models.write(folder, new byte[] {1, 2, 3}, Instant.EPOCH, 1);
    assertThat(manifest.probes()).containsExactly(List.of(0.25, 0.75), List.of(1.0, 0.0));
  }

  @ParameterizedTest
  @CsvSource({"0.25, 0.75, 1, 0", "0.2491, 0.7509, 1, 0", "0.25, 0.75, 0.9991, 0.0009"})
  void mayDifferByRounding(float a, float b, float c, float d) {
    assertThatCode(() -> ProbeAnswers.check(manifest, new float[][] {{a, b}, {c, d}}))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "0.25, 0.75, 0.6, 0.39, probe image 2 is 'cat' with 0.6000; its manifest says 1.0000",
    "0.2485, 0.7510, 1, 0, probe image 1 is 'cat' with 0.2485; its manifest says 0.2500",
    "0.25, 0.75, 0.9, 0.3, probe image 2 is 'dog' with 0.3000; its manifest says 0.0000",
    "0.5, NaN, 0, 1, probe image 1 is 'dog' with NaN; its manifest says 0.7500",
  })
  void nameTheFurthestAndTheProcessor(float a, float b, float c, float d, String words) {
    assertThatExceptionOfType(OtherAnswersException.class)
        .isThrownBy(() -> ProbeAnswers.check(manifest, new float[][] {{a, b}, {c, d}}))
        .withMessageContaining("this processor, " + Processor.ofThisMachine().description())
        .withMessageEndingWith(words.replace(';', ','));
  }

  @Test
  void haveSevenDigits() {
    assertThat(ProbeAnswers.rounded(new float[][] {{1 / 3f, 2 / 3f}, {1.0000001f, 1e-9f}}))
        .containsExactly(List.of(0.3333333, 0.6666667), List.of(1.0, 0.0));
  }
}
