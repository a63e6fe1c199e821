package io.pigeonhole.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class ImageDecoderTest extends DecoderTest {
  private static final List<String> NAMES = Samples.NAMES;

  @ParameterizedTest
  @FieldSource("NAMES")
  void decodesAsAnIndependentDecoderDoes(String name) throws Exception {
    assertThat(DECODER.decode(Samples.read(name)))
        .usingRecursiveComparison()
        .isEqualTo(Samples.expected(name));
  }

  @ParameterizedTest
  @FieldSource("NAMES")
  void showsTheLargerPartOfACutFileOrNothing(String name) throws Exception {
    byte[] whole = Samples.read(name);
    Pixels pixels = DECODER.decode(whole);
    for (int length = 0; length < whole.length; length++) {
      try {
        Pixels cut = DECODER.decode(Arrays.copyOf(whole, length));
        assertThat(cut.rgb()).as("%d bytes", length).hasSameSizeAs(pixels.rgb());
        // JPEGs break off in blocks, of which these have a few; the last thing to go is how it lies
        if (!name.endsWith(".jpg") && !name.startsWith("turned")) {
          assertThat(equalShare(cut, pixels)).as("%d bytes", length).isGreaterThan(0.45);
        }
      } catch (UndecodableImageException e) {
        assertThat(e.error()).isIn(ImageError.EMPTY, ImageError.NOT_AN_IMAGE, ImageError.CORRUPT);
        assertFoundByCheck(e);
      }
    }
  }

  private static double equalShare(Pixels one, Pixels other) {
    int equal = 0;
    for (int i = 0; i < one.rgb().length; i++) {
      equal += one.rgb()[i] == other.rgb()[i] ? 1 : 0;
    }
    return equal / (double) one.rgb().length;
  }

  @ParameterizedTest
  @FieldSource("NAMES")
  void endsInPixelsOrAnErrorWhateverTheBytes(String name) {
    assertEndsWhateverTheBytes(Samples.read(name));
  }

  @ParameterizedTest
  @FieldSource("NAMES")
  void doesNotMindWhatFollowsTheImage(String name) throws Exception {
    byte[] polyglot = Samples.bytes(Samples.read(name), "<script>alert(1)</script>PK\3\4");
    assertThat(DECODER.decode(polyglot).rgb()).isEqualTo(Samples.expected(name).rgb());
  }

  @Test
  void decodesManyAtATimeToTheSamePixels() throws Exception {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      names.addAll(NAMES);
    }
    Collections.shuffle(names, new Random(1));
    ExecutorService threads = Executors.newFixedThreadPool(8);
    List<Future<Pixels>> decoded = new ArrayList<>();
    for (String name : names) {
      decoded.add(threads.submit(() -> DECODER.decode(Samples.read(name))));
    }
    threads.shutdown();
    for (int i = 0; i < names.size(); i++) {
      assertThat(decoded.get(i).get().rgb()).isEqualTo(Samples.expected(names.get(i)).rgb());
    }
  }

  @Test
  void namesWhatIsNoImage() {
    assertThat(error(new byte[0])).isEqualTo(ImageError.EMPTY);
    assertThat(error(new byte[1])).isEqualTo(ImageError.NOT_AN_IMAGE);
    assertThat(error("a text".getBytes(UTF_8))).isEqualTo(ImageError.NOT_AN_IMAGE);
    assertThat(error("BMW is a maker of cars, not an image".getBytes(UTF_8)))
        .isEqualTo(ImageError.NOT_AN_IMAGE);
    assertThat(error("<html><body>404</body></html>".getBytes(UTF_8)))
        .isEqualTo(ImageError.NOT_AN_IMAGE);
  }

  @Test
  void refusesMoreBytesThanAllowed() {
    assertThat(error(new byte[(int) LIMITS.maxBytes() + 1])).isEqualTo(ImageError.TOO_LARGE);
  }
}
