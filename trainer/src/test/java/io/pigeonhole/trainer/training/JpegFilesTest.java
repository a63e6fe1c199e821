package io.pigeonhole.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.pigeonhole.trainer.data.LabeledImages;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JpegFilesTest {

  private static final int IMAGES = 12;

  @ParameterizedTest
  @CsvSource({"32, 75", "32, 40", "32, 90", "50, 75", "24, 60"})
  void findsTheQuality(int size, int quality) {
    List<Integer> found = JpegFiles.of(images(size, quality)).qualities();
    assertThat(Collections.frequency(found, quality)).as("%s", found).isGreaterThanOrEqualTo(11);
  }

  @ParameterizedTest
  @CsvSource({"32", "50", "5"})
  void findsNoneWhereThereWasNone(int size) {
    assertThat(JpegFiles.of(images(size, 0)).qualities()).hasSize(IMAGES).containsOnly(0);
  }

  @Test
  void knowsOfEachImage() {
    JpegFiles files = JpegFiles.of(images(32, 75).only(new int[] {0, 1, 2}));
    assertThat(IntStream.range(0, 30).map(files::quality)).containsOnly(75);
    assertThat(IntStream.range(0, 30).map(new JpegFiles(List.of(0, 75, 50))::quality))
        .containsOnly(0, 50, 75);
  }

  @Test
  void findsNoneInOneColour() {
    byte[] white = new byte[32 * 32 * 3];
    assertThat(JpegFiles.of(images(32, white)).qualities()).containsOnly(0);
  }

  /** Blobs of several sizes and some noise, as in a photo. */
  private static LabeledImages images(int size, int quality) {
    byte[] all = new byte[IMAGES * size * size * 3];
    SplittableRandom random = new SplittableRandom(1);
    for (int image = 0; image < IMAGES; image++) {
      byte[] pixels = new byte[size * size * 3];
      double[] waves = random.doubles(9, 0.1, 0.9).toArray();
      for (int i = 0; i < pixels.length; i++) {
        int x = i / 3 % size;
        int y = i / 3 / size;
        int channel = i % 3;
        double value =
            128
                + 60 * Math.sin(waves[channel] * x + waves[3] * y)
                + 40 * Math.sin(waves[4] * x - waves[5 + channel] * y)
                + random.nextDouble(-9, 9);
        pixels[i] = (byte) Math.max(0, Math.min(255, Math.round(value)));
      }
      if (quality > 0) {
        JpegFiles.leaveTraces(pixels, size, quality);
      }
      System.arraycopy(pixels, 0, all, image * pixels.length, pixels.length);
    }
    return images(size, all);
  }

  private static LabeledImages images(int size, byte[] pixels) {
    int count = pixels.length / (size * size * 3);
    return new LabeledImages(List.of("one"), size, ByteBuffer.wrap(pixels), new int[count]);
  }
}
