package io.pigeonhole.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.pigeonhole.trainer.training.Jitter.Channels;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class JitterTest {

  private static final int SIZE = 3;
  private static final Channels NONE = new Channels(0, 0, 0);

  /** Grey, with a lighter middle. */
  private final byte[] spot = new byte[SIZE * SIZE * 3];

  JitterTest() {
    Arrays.fill(spot, (byte) 90);
    Arrays.fill(spot, 12, 15, (byte) 120);
  }

  @Test
  void leavesAPictureAloneUnlessToldOtherwise() {
    assertThat(changed(Jitter.NONE)).isEqualTo(spot);
    SplittableRandom random = new SplittableRandom(1);
    assertThat(IntStream.range(0, 100).mapToObj(i -> Jitter.drawn(0, random)))
        .allSatisfy(jitter -> assertThat(changed(jitter)).isEqualTo(spot));
  }

  @Test
  void sharpensAndSoftens() {
    // the blurred middle is 90 + 30 / 4, so that its detail is 22.5
    assertThat(middle(new Jitter(1, NONE, 1, 1, NONE, 0, 0))).containsOnly((byte) 143);
    assertThat(middle(new Jitter(-1, NONE, 1, 1, NONE, 0, 0))).containsOnly((byte) 98);
  }

  @Test
  void addsTheDetailOfTheLightnessToAColour() {
    assertThat(middle(new Jitter(0, new Channels(0.5f, 0, -0.5f), 1, 1, NONE, 0, 0)))
        .containsExactly((byte) 131, (byte) 120, (byte) 109);
  }

  @Test
  void changesContrastSaturationAndCast() {
    // the mean is 90 + 30 / 9
    assertThat(middle(new Jitter(0, NONE, 0.5f, 1, NONE, 0, 0))).containsOnly((byte) 107);
    assertThat(middle(new Jitter(0, NONE, 1, 0, NONE, 0, 0))).containsOnly((byte) 120);
    assertThat(middle(new Jitter(0, NONE, 1, 1, new Channels(10, 0, -200), 0, 0)))
        .containsExactly((byte) 130, (byte) 120, (byte) 0);
    byte[] red = {(byte) 200, 20, 20};
    new Jitter(0, NONE, 1, 0.5f, NONE, 0, 0).change(red, 1);
    assertThat(red).containsExactly((byte) 140, (byte) 50, (byte) 50);
  }

  @Test
  void addsTheSameNoiseToTheSamePicture() {
    byte[] noisy = changed(new Jitter(0, NONE, 1, 1, NONE, 5, 1));
    assertThat(noisy)
        .isEqualTo(changed(new Jitter(0, NONE, 1, 1, NONE, 5, 1)))
        .isNotEqualTo(changed(new Jitter(0, NONE, 1, 1, NONE, 5, 2)));
    for (int i = 0; i < noisy.length; i++) {
      assertThat(Math.abs(noisy[i] - spot[i])).isLessThanOrEqualTo(5);
    }
  }

  @Test
  void changesThePartOfThePicturesThatItIsTold() {
    SplittableRandom random = new SplittableRandom(1);
    List<Jitter> drawn = IntStream.range(0, 1000).mapToObj(i -> Jitter.drawn(0.5, random)).toList();
    assertThat(drawn.stream().filter(each -> each.sharpness() != 0)).hasSizeBetween(450, 550);
    assertThat(drawn.stream().filter(each -> each.contrast() != 1)).hasSizeBetween(450, 550);
    assertThat(drawn.stream().filter(each -> each.noise() > 0)).hasSizeBetween(200, 300);
  }

  private byte[] middle(Jitter jitter) {
    return Arrays.copyOfRange(changed(jitter), 12, 15);
  }

  private byte[] changed(Jitter jitter) {
    byte[] changed = spot.clone();
    jitter.change(changed, SIZE);
    return changed;
  }
}
