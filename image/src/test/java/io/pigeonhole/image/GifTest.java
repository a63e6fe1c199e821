package io.pigeonhole.image;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GifTest extends DecoderTest {
  private static final int[] PALETTE = {0x102030, 0xff0000, 0x00ff00, 0x0000ff};
  private static final int[] NONE = {};
  private static final int HAS_PALETTE_OF_4 = 0x81;
  private static final int INTERLACED = 0x40;

  /** With the palette, and what comes after it. */
  private static byte[] gif(int width, int height, byte[]... parts) {
    byte[] screen = Samples.gifScreen(width, height, HAS_PALETTE_OF_4, PALETTE);
    return Samples.bytes(screen, Samples.bytes((Object[]) parts));
  }

  private static byte[] frame(int left, int top, int width, int height, int... pixels) {
    return Samples.gifFrame(left, top, width, height, 0, NONE, pixels);
  }

  @Test
  void laysAFrameOnTheWhiteScreen() throws Exception {
    Pixels pixels = DECODER.decode(gif(4, 3, frame(1, 1, 2, 1, 1, 2)));
    assertThat(pixels.width()).isEqualTo(4);
    assertThat(pixels.height()).isEqualTo(3);
    assertThat(rgb(pixels, 0, 1)).isEqualTo(0xffffff);
    assertThat(rgb(pixels, 1, 1)).isEqualTo(0xff0000);
    assertThat(rgb(pixels, 2, 1)).isEqualTo(0x00ff00);
    assertThat(rgb(pixels, 1, 2)).isEqualTo(0xffffff);
  }

  @Test
  void widensTheScreenToTheFrame() throws Exception {
    Pixels pixels = DECODER.decode(gif(0, 0, frame(2, 0, 1, 2, 3, 1)));
    assertThat(pixels.width()).isEqualTo(3);
    assertThat(pixels.height()).isEqualTo(2);
    assertThat(rgb(pixels, 2, 0)).isEqualTo(0x0000ff);
  }

  @Test
  void prefersAFramesOwnPalette() throws Exception {
    int[] own = {0, 0x010203, 0, 0};
    Pixels pixels =
        DECODER.decode(gif(1, 1, Samples.gifFrame(0, 0, 1, 1, HAS_PALETTE_OF_4, own, 1)));
    assertThat(rgb(pixels, 0, 0)).isEqualTo(0x010203);
  }

  @Test
  void showsGreysWhereThereIsNoPalette() throws Exception {
    Pixels pixels = DECODER.decode(Samples.bytes(Samples.gifScreen(1, 1, 0), frame(0, 0, 1, 1, 3)));
    assertThat(rgb(pixels, 0, 0)).isEqualTo(0x030303);
  }

  @Test
  void showsWhiteWhereAFrameIsTransparent() throws Exception {
    byte[] transparent = {0x21, (byte) 0xf9, 4, 1, 0, 0, 2, 0};
    Pixels pixels = DECODER.decode(gif(2, 1, transparent, frame(0, 0, 2, 1, 2, 1)));
    assertThat(rgb(pixels, 0, 0)).isEqualTo(0xffffff);
    assertThat(rgb(pixels, 1, 0)).isEqualTo(0xff0000);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 7, 8, 9, 16, 19})
  void putsInterlacedRowsInOrder(int height) throws Exception {
    int[] stored = new int[height];
    int at = 0;
    for (int[] pass : new int[][] {{0, 8}, {4, 8}, {2, 4}, {1, 2}}) {
      for (int y = pass[0]; y < height; y += pass[1]) {
        stored[at++] = y % 4;
      }
    }
    Pixels pixels =
        DECODER.decode(gif(1, height, Samples.gifFrame(0, 0, 1, height, INTERLACED, NONE, stored)));
    for (int y = 0; y < height; y++) {
      assertThat(rgb(pixels, 0, y)).isEqualTo(PALETTE[y % 4]);
    }
  }

  @Test
  void refusesAHugeScreenAndAHugeFrame() {
    assertThat(error(gif(65_535, 65_535, frame(0, 0, 1, 1, 1))))
        .as("a tiny frame")
        .isEqualTo(ImageError.TOO_MANY_PIXELS);
    assertThat(error(gif(1, 1, frame(0, 0, 65_535, 65_535, 1))))
        .as("a tiny screen")
        .isEqualTo(ImageError.TOO_MANY_PIXELS);
  }

  @Test
  void refusesAFrameWithoutPixels() {
    assertThat(error(gif(2, 2, new byte[] {0x3b}))).isEqualTo(ImageError.CORRUPT);
    assertThat(error(gif(2, 2, frame(0, 0, 0, 2, 1)))).isEqualTo(ImageError.CORRUPT);
    assertThat(error(gif(2, 2, frame(0, 0, 2, 2, 1))))
        .as("one pixel of four")
        .isEqualTo(ImageError.CORRUPT);
    assertThat(error(gif(2, 2, frame(0, 0, 900, 900, 1))))
        .as("fewer bytes than could make as many pixels")
        .isEqualTo(ImageError.CORRUPT);
  }

  @Test
  void showsWhatIsThereOfAFrameThatEndsEarly() throws Exception {
    byte[] gif = gif(2, 2, frame(0, 0, 2, 2, 1, 2, 3));
    Pixels pixels = DECODER.decode(gif);
    assertThat(rgb(pixels, 0, 1)).isEqualTo(PALETTE[3]);
    assertThat(rgb(pixels, 1, 1)).isEqualTo(0xffffff);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 9, 12, 255})
  void refusesPixelsOfTooManyBits(int bits) {
    byte[] gif = gif(1, 1, frame(0, 0, 1, 1, 1));
    gif[13 + 12 + 10] = (byte) bits;
    assertThat(error(gif)).isEqualTo(ImageError.CORRUPT);
  }
}
