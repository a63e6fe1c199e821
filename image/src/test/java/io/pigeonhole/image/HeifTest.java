package io.pigeonhole.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HEIC and AVIF, which libheif decodes where the system has it. */
class HeifTest extends DecoderTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hevc.heic",
        "alpha.heic",
        "ten-bits.heic",
        "av1.avif",
        "ten-bits.avif",
        "tiles.avif",
        "turned.avif"
      })
  void decodesAsAnIndependentDecoderDoes(String name) throws Exception {
    assumeLibHeif();
    Pixels pixels = DECODER.decode(Samples.read(name));
    Pixels expected = Samples.expected(name);
    assertThat(pixels.width()).isEqualTo(expected.width());
    // libavif, which Pillow takes, rounds otherwise
    int tolerance = name.equals("ten-bits.avif") ? 3 : 1;
    for (int i = 0; i < expected.rgb().length; i++) {
      int value = expected.rgb()[i] & 0xff;
      assertThat(pixels.rgb()[i] & 0xff)
          .as("value %d", i)
          .isBetween(value - tolerance, value + tolerance);
    }
  }

  @Test
  void namesWhatIsMissingWithoutLibHeif() {
    UndecodableImageException e = HeifFile.missing(new FileBytes("HEIC", new byte[0]));
    assertThat(e.error()).isEqualTo(ImageError.UNSUPPORTED_FORMAT);
    assertThat(e).hasMessageContaining("libheif1");
  }

  /** Found by fuzzing: it ends the process that decodes it with dav1d 1.0. */
  @Test
  void losesNothingElseWhenLibHeifBreaksDown() throws Exception {
    assumeLibHeif();
    byte[] deadly = Samples.read("deadly.avif");
    assertThatThrownBy(() -> DECODER.decode(deadly)).isInstanceOf(UndecodableImageException.class);
    assertThat(DECODER.decode(Samples.read("hevc.heic")).width()).isEqualTo(29);
  }

  @Test
  void believesNoSizeBeforeItIsChecked() {
    assumeLibHeif();
    byte[] heic = Samples.read("hevc.heic");
    ByteBuffer.wrap(heic).putInt(sizes(heic), 60_000).putInt(sizes(heic) + 4, 60_000);
    assertThat(error(heic)).isEqualTo(ImageError.TOO_MANY_PIXELS);
  }

  @Test
  void decodesNoMorePixelsThanTheFileSays() {
    assumeLibHeif();
    byte[] heic = Samples.read("large.heic");
    ByteBuffer.wrap(heic).putInt(sizes(heic), 8).putInt(sizes(heic) + 4, 8);
    assertThat(error(heic)).isIn(ImageError.TOO_MANY_PIXELS, ImageError.CORRUPT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"hevc.heic", "av1.avif"})
  void takesNoCutFileForAWholeOne(String name) {
    assumeLibHeif();
    byte[] whole = Samples.read(name);
    for (int length = 20; length < whole.length - 50; length += 7) {
      assertThat(error(Arrays.copyOf(whole, length)))
          .isIn(ImageError.CORRUPT, ImageError.UNSUPPORTED_FORMAT);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"hevc.heic", "alpha.heic", "av1.avif"})
  void endsInPixelsOrAnErrorWhateverTheBytes(String name) {
    assumeLibHeif();
    assertEndsWhateverTheBytes(Samples.read(name));
  }

  private static void assumeLibHeif() {
    assumeTrue(LibHeif.ofSystem().isPresent(), "libheif is not installed");
  }

  /** Where the width and the height of the first image are. */
  private static int sizes(byte[] heif) {
    FileBytes file = new FileBytes("HEIC", heif);
    int at = 0;
    while (!file.has(at, "ispe")) {
      at++;
    }
    return at + 8;
  }
}
