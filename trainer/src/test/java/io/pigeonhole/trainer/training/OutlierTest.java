package io.pigeonhole.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.pigeonhole.trainer.data.ColouredShapes;
import io.pigeonhole.trainer.data.LabeledImages;
import io.pigeonhole.trainer.recipe.Augmentation;
import io.pigeonhole.trainer.recipe.Augmentation.Fill;
import io.pigeonhole.trainer.recipe.Augmentation.Flip;
import io.pigeonhole.trainer.recipe.Augmentation.Warp;
import io.pigeonhole.trainer.training.Outlier.Kind;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OutlierTest {

  private static final int SIZE = 32;

  private final LabeledImages images = ColouredShapes.images(20, 1);

  @ParameterizedTest
  @EnumSource
  void isNoneOfItsImages(Kind kind) {
    byte[] painted = painted(kind, 7);
    assertThat(painted).isEqualTo(painted(kind, 7)).isNotEqualTo(painted(kind, 8));
    IntStream.range(0, images.count()).forEach(i -> assertThat(painted).isNotEqualTo(pixels(i)));
  }

  @Test
  void shufflesThePartsOfAnImage() {
    assertThat(sorted(painted(Kind.SHUFFLED, 1))).isEqualTo(sorted(pixels(0)));
  }

  @Test
  void showsPartsOfAnImageAndTheirMirrorImages() {
    byte[] painted = painted(Kind.KALEIDOSCOPE, 1);
    assertThat(colours(pixels(0))).containsAll(colours(painted));
    for (int row = 0; row < SIZE; row++) {
      int[] colours = new int[SIZE];
      for (int column = 0; column < SIZE; column++) {
        colours[column] = colour(painted, row * SIZE + column);
      }
      assertThat(isMirrored(colours)).isTrue();
    }
  }

  /** Around some place, on a ring. */
  private static boolean isMirrored(int[] colours) {
    return IntStream.range(0, SIZE)
        .anyMatch(
            middle ->
                IntStream.range(0, SIZE)
                    .allMatch(
                        i ->
                            colours[(middle + i) % SIZE]
                                == colours[Math.floorMod(middle - 1 - i, SIZE)]));
  }

  @Test
  void keepsTheMeanColourOfATexture() {
    double[] mean = mean(pixels(0));
    double[] ofTexture = mean(painted(Kind.TEXTURE, 1));
    for (int channel = 0; channel < 3; channel++) {
      assertThat(Math.abs(ofTexture[channel] - mean[channel])).isLessThan(12); // cut off at 0, 255
    }
  }

  @Test
  void cutsLeavesOutOfOtherImages() {
    byte[] painted = painted(Kind.LEAVES, 1);
    Set<Integer> seen = new HashSet<>();
    for (int i = 0; i < Outlier.VIEWS; i++) {
      byte[] source = pixels(i);
      for (int pixel = 0; pixel < SIZE * SIZE; pixel++) {
        if (colour(source, pixel) == colour(painted, pixel)) {
          seen.add(i);
        }
      }
    }
    assertThat(seen).hasSizeGreaterThanOrEqualTo(4);
  }

  /** What is in JPEG files has less of its colours' detail, and jumps where blocks of 8 meet. */
  @Test
  void hasBeenInAFile() throws Exception {
    Views views = new Views(images, Augmentation.NONE, SIZE, 1, 0);
    List<View> first = IntStream.range(0, Outlier.VIEWS).mapToObj(views::draw).toList();
    byte[] painted = new byte[images.bytesPerImage()];
    new Outlier(Kind.LEAVES, first, Jitter.NONE, 75, 1).paint(new byte[painted.length], painted);
    byte[] plain = painted(Kind.LEAVES, 1);
    assertThat(painted).isNotEqualTo(plain);
    byte[] again = plain.clone();
    JpegFiles.leaveTraces(again, SIZE, 75);
    assertThat(painted).isEqualTo(again);
    double off = 0;
    for (int i = 0; i < plain.length; i++) {
      off += Math.abs((plain[i] & 0xff) - (painted[i] & 0xff)) / (double) plain.length;
    }
    assertThat(off).isBetween(1.0, 40.0); // noise of single pixels is what files keep worst
  }

  @Test
  void isDrawnAnewEachTime() {
    Augmentation some = new Augmentation(Flip.RANDOM, 2, 0, 0, Warp.NONE, Fill.REFLECT, 0.5);
    Outlier[] outliers = new Views(images, some, SIZE, 1, 0).outliers(200, JpegFiles.NONE);
    assertThat(Arrays.stream(outliers).map(Outlier::kind)).contains(Kind.values());
    assertThat(Arrays.stream(outliers).map(Outlier::jitter)).contains(Jitter.NONE);
    assertThat(Arrays.stream(outliers).map(Outlier::seed)).doesNotHaveDuplicates();
    assertThat(new Views(images, some, SIZE, 1, 0).outliers(200, JpegFiles.NONE))
        .isEqualTo(outliers);
  }

  private byte[] painted(Kind kind, long seed) {
    Views views = new Views(images, Augmentation.NONE, SIZE, 1, 0);
    List<View> first = IntStream.range(0, Outlier.VIEWS).mapToObj(views::draw).toList();
    byte[] painted = new byte[images.bytesPerImage()];
    new Outlier(kind, first, Jitter.NONE, 0, seed).paint(new byte[painted.length], painted);
    return painted;
  }

  private byte[] pixels(int image) {
    byte[] pixels = new byte[images.bytesPerImage()];
    images.read(image, pixels, 0);
    return pixels;
  }

  private static byte[] sorted(byte[] pixels) {
    byte[] sorted = pixels.clone();
    Arrays.sort(sorted);
    return sorted;
  }

  private static Set<Integer> colours(byte[] pixels) {
    Set<Integer> colours = new HashSet<>();
    for (int pixel = 0; pixel < pixels.length / 3; pixel++) {
      colours.add(colour(pixels, pixel));
    }
    return colours;
  }

  private static int colour(byte[] pixels, int pixel) {
    int at = 3 * pixel;
    return ((pixels[at] & 0xff) << 16) | ((pixels[at + 1] & 0xff) << 8) | (pixels[at + 2] & 0xff);
  }

  private static double[] mean(byte[] pixels) {
    double[] mean = new double[3];
    for (int i = 0; i < pixels.length; i++) {
      mean[i % 3] += (pixels[i] & 0xff) * 3.0 / pixels.length;
    }
    return mean;
  }
}
