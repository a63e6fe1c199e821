package io.pigeonhole.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoredLabelTest {
  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_S3Tag.html
  private static final String TAG = "[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]{0,256}";

  @Test
  void leavesWhatATagMayHaveAsItIs() {
    for (String label : List.of("cat", "V\u00f6gel im Flug", "\u72ac", "a=b", "x@y.z:1+2-3_4")) {
      assertThat(StoredLabel.of(label)).isEqualTo(label);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "R&B",
        "Pepper,_bell",
        "don't",
        "50% off",
        "C++ (new)",
        "\u0938\u0947\u092c",
        "\u0e41\u0e2d\u0e1b\u0e40\u0e1b\u0e34\u0e49\u0e25",
        "\u05ea\u05b7\u05bc\u05e4\u05bc\u05d5\u05bc\u05d7\u05b7",
        "\ud83c\udf4e",
        "\ud83d\udc69\u200d\ud83c\udf3e",
        "=00E9",
        "==0026=",
        "=12A=&"
      })
  void holdsClassesOfAllScriptsInWhatATagMayHaveAndReadsThemBack(String label) {
    Manifest.requireClass(label);
    assertThat(StoredLabel.of(label)).matches(TAG).doesNotContain("/");
    assertThat(StoredLabel.labelOf(StoredLabel.of(label))).isEqualTo(label);
  }

  @Test
  void hasNoTwoLabelsInOneForm() {
    assertThat(StoredLabel.of("R&B")).isEqualTo("R=0026B");
    assertThat(StoredLabel.of("R=0026B")).isEqualTo("R=003D0026B");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " a", "a/b", "a\\b", "<b>", "a|b", "?review", "a\u202eb", "a\nb", ".."})
  void isOfNoLabelThatCannotBeAFolder(String label) {
    assertThatThrownBy(() -> Manifest.requireClass(label))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void mayHave128Bytes() {
    Manifest.requireClass("&".repeat(25));
    assertThatThrownBy(() -> Manifest.requireClass("&".repeat(26)))
        .hasMessageContaining("longer than 128 bytes in S3");
  }
}
