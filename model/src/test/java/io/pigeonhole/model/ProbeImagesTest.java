package io.pigeonhole.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.pigeonhole.image.Pixels;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProbeImagesTest {

  /** Other bytes, and published manifests would be refused. */
  @ParameterizedTest
  @CsvSource({
    "32, 32, b59752dfda36eecd0007e089235e1065a4a361daa3185cadf5731893726d98e6",
    "224, 160, 0059b41544178bd8b801114620b3f7cd02967431440d18efbe88dd942a4321ca",
  })
  void areTheSameForEver(int height, int width, String sha256) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    ProbeImages.of(height, width).forEach(image -> digest.update(image.rgb()));
    assertThat(HexFormat.of().formatHex(digest.digest())).isEqualTo(sha256);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 7", "5, 1", "4096, 3"})
  void areOfAnySize(int height, int width) {
    assertThat(ProbeImages.of(height, width))
        .hasSize(ProbeImages.COUNT)
        .allSatisfy(image -> assertThat(image.rgb()).hasSize(height * width * 3));
  }

  @Test
  void changeInEveryChannelRowAndColumn() {
    for (Pixels image : ProbeImages.of(32, 32)) {
      for (int channel = 0; channel < 3; channel++) {
        for (int i = 0; i < 32; i++) {
          Set<Byte> row = new HashSet<>();
          Set<Byte> column = new HashSet<>();
          for (int j = 0; j < 32; j++) {
            row.add(image.rgb()[(i * 32 + j) * 3 + channel]);
            column.add(image.rgb()[(j * 32 + i) * 3 + channel]);
          }
          assertThat(row).hasSizeGreaterThan(8);
          assertThat(column).hasSizeGreaterThan(8);
        }
      }
    }
  }
}
