package io.pigeonhole.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class LabeledImagesTest {

  @Test
  void refusesPixelsThatDoNotFitTheLabels() {
    assertThatThrownBy(
            () -> new LabeledImages(List.of("a"), 2, ByteBuffer.wrap(new byte[11]), new int[1]))
        .hasMessage("11 bytes are not 1 images of side 2");
  }

  @Test
  void splitsOffOneInTwentyAlwaysTheSame() {
    LabeledImages images = ColouredShapes.images(100, 1);
    Split split = Split.of(images);
    assertThat(split.train().count()).isEqualTo(95);
    assertThat(split.heldOut().count()).isEqualTo(5);
    assertThat(split.heldOut().labels()[1]).isEqualTo(images.labels()[20]);
    assertThat(split.heldOut().read(1, 2)).isEqualTo(images.read(20, 21));
  }

  @Test
  void shrinksByAveragingAreas() {
    byte[] pixels = new byte[4 * 4 * 3];
    pixels[0] = 100;
    pixels[3] = 50;
    pixels[4 * 3] = 30;
    pixels[5 * 3] = 20;
    Images small =
        Downscaled.of(
            new LabeledImages(List.of("a", "b"), 4, ByteBuffer.wrap(pixels), new int[1]), 2);
    assertThat(small.size()).isEqualTo(2);
    assertThat(small.read(0, 1)).containsExactly(50, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  }

  @Test
  void keepsTheMeanWhenShrinkingByAFraction() {
    LabeledImages images = ColouredShapes.images(1, 1);
    assertThat(mean(Downscaled.of(images, 24))).isCloseTo(mean(images), within(0.2));
  }

  private static double mean(Images images) {
    double sum = 0;
    byte[] pixels = images.read(0, images.count());
    for (byte value : pixels) {
      sum += value & 0xff;
    }
    return sum / pixels.length;
  }
}
