package io.pigeonhole.label;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ResultLayoutTest {
  private static final String LONGEST_LABEL = "x".repeat(128);

  @Test
  void keepsTheKeyOfAnImageAsItIs() {
    assertThat(ResultLayout.result("a b/ü+%.jpg")).isEqualTo("labels/a b/ü+%.jpg.json");
    assertThat(ResultLayout.index("cat", "a b/ü+%.jpg")).isEqualTo("by-label/cat/a b/ü+%.jpg");
  }

  @Test
  void filesUnderTheFormOfALabelThatTagsHaveToo() {
    assertThat(ResultLayout.index("R&B", "a.jpg")).isEqualTo("by-label/R=0026B/a.jpg");
  }

  @Test
  void fitsTheLongestKeyUnderTheLongestLabel() {
    String key = "k".repeat(ResultLayout.MAX_KEY_BYTES);
    assertThat(ResultLayout.index(LONGEST_LABEL, key)).endsWith(key).hasSize(1024);
  }

  @Test
  void shortensLongerKeysInBothPlacesAlike() {
    String key = "é".repeat(512);
    String result = ResultLayout.result(key);
    String index = ResultLayout.index(LONGEST_LABEL, key);
    assertThat(bytes(result)).isLessThanOrEqualTo(1024);
    assertThat(bytes(index)).isBetween(1020, 1024);
    String shortened = index.substring(index.lastIndexOf('/') + 1);
    assertThat(shortened).matches("é+~[0-9a-f]{64}");
    assertThat(result).isEqualTo("labels/" + shortened + ".json");
  }

  @Test
  void tellsLongKeysWithTheSameBeginningApart() {
    String key = "k".repeat(1023);
    assertThat(ResultLayout.result(key + "a")).isNotEqualTo(ResultLayout.result(key + "b"));
  }

  @Test
  void doesNotMixUpALongKeyWithOneThatLooksLikeItsShortForm() {
    String key = "k".repeat(1024);
    String shortened = ResultLayout.index("x", key).substring("by-label/x/".length());
    assertThat(ResultLayout.index("x", shortened)).isNotEqualTo(ResultLayout.index("x", key));
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
