package io.pigeonhole.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebpTest extends DecoderTest {
  @ParameterizedTest
  @ValueSource(strings = {"lossy.webp", "lossy-alpha.webp"})
  void takesNoCutFileForAWholeOne(String name) {
    byte[] whole = Samples.read(name);
    for (int length = 1; length < whole.length - 1; length++) {
      assertThat(error(Arrays.copyOf(whole, length)))
          .as("%d bytes", length)
          .isIn(ImageError.NOT_AN_IMAGE, ImageError.CORRUPT);
    }
  }

  @Test
  void believesNoSizeBeforeItIsChecked() {
    byte[] frame =
        Samples.bytes(
            0x10, 0, 0, 0x9d, 1, 0x2a, Samples.little16(0x3fff), Samples.little16(0x3fff));
    assertThat(error(webp("VP8 ", frame))).isEqualTo(ImageError.TOO_MANY_PIXELS);
    byte[] lossless = Samples.bytes(0x2f, Samples.little32(0x0fffffff), 0);
    assertThat(error(webp("VP8L", lossless))).isEqualTo(ImageError.TOO_MANY_PIXELS);
  }

  @Test
  void believesNoCanvasBeforeItIsChecked() {
    byte[] animated = Samples.read("animated-small.webp");
    java.nio.ByteBuffer.wrap(animated).putShort(24, (short) 0xffff).putShort(27, (short) 0xffff);
    assertThat(error(animated)).isEqualTo(ImageError.TOO_MANY_PIXELS);
  }

  @Test
  void refusesAFrameThatReachesBeyondItsCanvas() {
    byte[] animated = Samples.read("animated-small.webp");
    animated[24] = 10;
    assertThat(error(animated)).isEqualTo(ImageError.CORRUPT);
  }

  /** Found by fuzzing: a reader made pixels of the zeros behind the end, for a minute. */
  @Test
  void takesNothingFromBehindTheEnd() {
    assertThat(error(Samples.read("endless.webp"))).isEqualTo(ImageError.CORRUPT);
  }

  @Test
  void refusesWhatHasNoPixels() {
    assertThat(error(webp("EXIF", new byte[20]))).isEqualTo(ImageError.CORRUPT);
    assertThat(error(webp("VP8 ", new byte[20]))).isEqualTo(ImageError.CORRUPT);
    assertThat(error(webp("VP8L", new byte[20]))).isEqualTo(ImageError.CORRUPT);
  }

  private static byte[] webp(String type, byte[] data) {
    return Samples.bytes(
        "RIFF",
        Samples.little32(12L + data.length),
        "WEBP",
        type,
        Samples.little32(data.length),
        data);
  }
}
