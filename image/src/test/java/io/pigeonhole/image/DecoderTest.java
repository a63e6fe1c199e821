package io.pigeonhole.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Random;
import org.tensorflow.exceptions.TFInvalidArgumentException;

/** What the tests of the formats share: one decoder, and how its errors are told apart. */
abstract class DecoderTest {
  static final ImageLimits LIMITS = new ImageLimits(4 << 20, 1_000_000);
  static final ImageDecoder DECODER = new ImageDecoder(LIMITS);

  static ImageError error(byte[] bytes) {
    UndecodableImageException e =
        catchThrowableOfType(UndecodableImageException.class, () -> DECODER.decode(bytes));
    assertFoundByCheck(e);
    return e.error();
  }

  /** Makes sure that the decoder knew what it refused, rather than that it stumbled. */
  static void assertFoundByCheck(UndecodableImageException e) {
    assertThat(e).hasMessageMatching("(?s).{10,}");
    assertThat(e.getCause())
        .satisfiesAnyOf(
            cause -> assertThat(cause).isNull(),
            cause -> assertThat(cause).isInstanceOf(TFInvalidArgumentException.class));
  }

  /** Decodes two thousand mutations of a file: each ends in pixels or in an error. */
  static void assertEndsWhateverTheBytes(byte[] good) {
    Random random = new Random(1);
    for (int i = 0; i < 2000; i++) {
      byte[] bad = good.clone();
      for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
        bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
      }
      try {
        Pixels pixels = DECODER.decode(bad, 4, 4);
        assertThat(pixels.rgb()).hasSize(pixels.width() * pixels.height() * 3);
      } catch (UndecodableImageException e) {
        assertFoundByCheck(e);
      }
    }
  }

  static int rgb(Pixels pixels, int x, int y) {
    int at = 3 * (y * pixels.width() + x);
    byte[] rgb = pixels.rgb();
    return (rgb[at] & 0xff) << 16 | (rgb[at + 1] & 0xff) << 8 | (rgb[at + 2] & 0xff);
  }
}
