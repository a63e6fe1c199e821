package io.pigeonhole.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReductionTest extends DecoderTest {

  @ParameterizedTest
  @CsvSource({
    "jpg, 32, 32, 160",
    "jpg, 100, 60, 320",
    "jpg, 224, 224, 640",
    "png, 32, 32, 640",
    "png, 12, 12, 128",
    "png, 224, 224, 640",
    "bmp, 12, 12, 128",
    "gif, 12, 12, 128"
  })
  void keepsMorePixelsThanWanted(String format, int width, int height, int expectedWidth)
      throws Exception {
    byte[] photo = Samples.write(Samples.halves(640, 480), format);
    Pixels pixels = DECODER.decode(photo, width, height);
    assertThat(pixels.width()).isEqualTo(expectedWidth);
    assertThat(pixels.height()).isGreaterThanOrEqualTo(Math.min(480, 2 * height));
  }

  @Test
  void averagesSquaresAndWhatIsLeftAtTheEdges() {
    Reduction reduction = new Reduction(3, 3, 2);
    for (int y = 0; y < 3; y++) {
      byte[] row = new byte[9];
      for (int x = 0; x < 3; x++) {
        row[3 * x] = (byte) (40 * y + 10 * x);
        row[3 * x + 1] = (byte) 200;
      }
      reduction.row(row, 0);
    }
    assertThat(reduction.pixels().rgb())
        .containsExactly(
            25, (byte) 200, 0, 40, (byte) 200, 0, 85, (byte) 200, 0, 100, (byte) 200, 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"jpg", "png", "bmp"})
  void looksTheSameToTheNetworkAsTheWholeImage(String format) throws Exception {
    byte[] photo = Samples.write(Samples.scene(1000, 750), format);
    Pixels whole = DECODER.decode(photo);
    Pixels reduced = DECODER.decode(photo, 32, 32);
    assertThat(reduced.width()).isLessThanOrEqualTo(whole.width() / 2);
    for (Resize resize : Resize.values()) {
      assertThat(meanDifference(resized(resize, whole), resized(resize, reduced)))
          .as("mean difference of 0..255, %s", resize)
          .isLessThan(1.5);
    }
  }

  @ParameterizedTest
  @EnumSource(Resize.class)
  void copiesAnImageOfTheNetworksSize(Resize resize) throws Exception {
    Pixels pixels = DECODER.decode(Samples.write(Samples.scene(32, 32), "png"));
    assertThat(resized(resize, pixels)).isEqualTo(pixels.rgb());
  }

  @Test
  void resizesByAveragingAndKeepsTheShapeOrNot() throws Exception {
    Pixels wide = DECODER.decode(Samples.write(Samples.halves(400, 100), "png"));
    ByteBuffer target = ByteBuffer.allocate(2 * 2 * 3);
    Resize.STRETCH.into(wide, 2, 2, target);
    assertThat(target.remaining()).isZero();
    assertThat(target.array()).startsWith(255, 0, 0, 0, 0, 255);
    Resize.CROP.into(wide, 1, 1, target.clear());
    assertThat(target.get(0) & 0xff).as("half of the centre is red").isBetween(127, 128);
  }

  private static byte[] resized(Resize resize, Pixels pixels) {
    ByteBuffer target = ByteBuffer.allocate(32 * 32 * 3);
    resize.into(pixels, 32, 32, target);
    return target.array();
  }

  private static double meanDifference(byte[] a, byte[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.abs((a[i] & 0xff) - (b[i] & 0xff));
    }
    return sum / a.length;
  }
}
