package io.pigeonhole.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JpegTest extends DecoderTest {
  private static final int SOF0 = 0xc0;
  private static final int SOF2 = 0xc2;
  private static final int SOS = 0xda;

  @Test
  void takesCmykForInvertedWhetherOrNotItSaysSo() throws Exception {
    byte[] adobes = Samples.read("cmyk-adobe.jpg");
    byte[] plain = adobes.clone();
    // The marker that says that the values are inverted, made a comment.
    plain[Samples.indexOf(plain, 0xee) + 1] = (byte) 0xfe;
    assertThat(DECODER.decode(plain).rgb()).isEqualTo(DECODER.decode(adobes).rgb());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"rgb-420.jpg", "grey.jpg", "restart.jpg", "progressive.jpg", "cmyk-adobe.jpg"})
  void showsAllOfAFileThatLacksOnlyItsEndMarker(String name) throws Exception {
    byte[] jpeg = Samples.read(name);
    byte[] open = Arrays.copyOf(jpeg, jpeg.length - 2);
    assertThat(DECODER.decode(open).rgb()).isEqualTo(Samples.expected(name).rgb());
    assertThat(DECODER.decode(open, 8, 8).rgb()).isEqualTo(DECODER.decode(jpeg, 8, 8).rgb());
  }

  @Test
  void refusesAFileOfWhichMoreThanHalfIsMissing() throws Exception {
    byte[] jpeg = Samples.write(Samples.scene(160, 160), "jpg");
    assertThat(error(Arrays.copyOf(jpeg, jpeg.length * 4 / 10))).isEqualTo(ImageError.CORRUPT);
    Pixels pixels = DECODER.decode(Arrays.copyOf(jpeg, jpeg.length * 7 / 10));
    assertThat(rgb(pixels, 5, 5)).isEqualTo(rgb(DECODER.decode(jpeg), 5, 5));
    assertThat(rgb(pixels, 159, 159)).as("what is missing is grey").isEqualTo(0x808080);
  }

  @Test
  void refusesAProgressiveFileOfWhichLessThanAThirdOfTheResolutionIsThere() {
    byte[] jpeg = Samples.read("progressive.jpg");
    int second = Samples.indexOf(Arrays.copyOfRange(jpeg, scan(jpeg, 0), jpeg.length), SOS);
    assertThat(error(Arrays.copyOf(jpeg, scan(jpeg, 0) + second + 40)))
        .isEqualTo(ImageError.CORRUPT);
  }

  /** Where the header of the first scan from there on is. */
  private static int scan(byte[] jpeg, int from) {
    return from + Samples.indexOf(Arrays.copyOfRange(jpeg, from, jpeg.length), SOS) + 2;
  }

  @ParameterizedTest
  @CsvSource({
    "0xc3, lossless",
    "0xc5, differential",
    "0xc9, arithmetic",
    "0xca, arithmetic progressive"
  })
  void namesKindsThatAreNotDecoded(String marker, String kind) {
    byte[] jpeg = Samples.read("rgb-444.jpg");
    jpeg[Samples.indexOf(jpeg, SOF0) + 1] = Integer.decode(marker).byteValue();
    assertThat(error(jpeg)).as(kind).isEqualTo(ImageError.UNSUPPORTED_FORMAT);
  }

  @Test
  void namesTwelveBitsAndOddComponents() {
    byte[] deep = Samples.read("rgb-444.jpg");
    deep[Samples.indexOf(deep, SOF0) + 4] = 12;
    assertThat(error(deep)).isEqualTo(ImageError.UNSUPPORTED_FORMAT);
    byte[] two = Samples.read("rgb-444.jpg");
    two[Samples.indexOf(two, SOF0) + 9] = 2;
    assertThat(error(two)).isEqualTo(ImageError.UNSUPPORTED_FORMAT);
  }

  @ParameterizedTest
  @CsvSource({
    "65500, 65500, TOO_MANY_PIXELS",
    "1001, 1000, TOO_MANY_PIXELS",
    "0, 100, CORRUPT",
    "100, 0, CORRUPT",
    "1000, 1000, CORRUPT"
  })
  void refusesSizesThatItsBytesDoNotBear(int width, int height, ImageError expected) {
    byte[] jpeg = Samples.read("rgb-420.jpg");
    java.nio.ByteBuffer.wrap(jpeg)
        .putShort(Samples.indexOf(jpeg, SOF0) + 5, (short) height)
        .putShort(Samples.indexOf(jpeg, SOF0) + 7, (short) width);
    assertThat(error(jpeg)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(ints = {0x00, 0x01, 0x15, 0x51, 0xff})
  void refusesSamplingThatCannotBe(int sampling) {
    byte[] jpeg = Samples.read("rgb-420.jpg");
    jpeg[Samples.indexOf(jpeg, SOF0) + 11] = (byte) sampling;
    assertThat(error(jpeg)).isEqualTo(ImageError.CORRUPT);
  }

  @Test
  void refusesEndlessScans() throws Exception {
    byte[] jpeg = Samples.read("progressive.jpg");
    int lastScan = 0;
    for (int i = 0; i < jpeg.length - 1; i++) {
      if (jpeg[i] == (byte) 0xff && (jpeg[i + 1] & 0xff) == SOS) {
        lastScan = i;
      }
    }
    byte[] before = Arrays.copyOf(jpeg, lastScan);
    byte[] scan = Arrays.copyOfRange(jpeg, lastScan, jpeg.length - 2);
    byte[] many = before;
    for (int i = 0; i < 80; i++) {
      many = Samples.bytes(many, scan);
    }
    assertThat(DECODER.decode(Samples.bytes(many, 0xff, 0xd9)).rgb()).isNotEmpty();
    for (int i = 0; i < 30; i++) {
      many = Samples.bytes(many, scan);
    }
    assertThat(error(Samples.bytes(many, 0xff, 0xd9))).isEqualTo(ImageError.CORRUPT);
  }

  @Test
  void decodesAfterLongMetadata() throws Exception {
    byte[] jpeg = Samples.read("rgb-444.jpg");
    byte[] segment = new byte[65_533];
    for (int i = 0; i < 12; i++) {
      jpeg = Samples.withSegment(jpeg, 0xe0 + i, segment);
    }
    assertThat(DECODER.decode(jpeg).rgb()).isEqualTo(Samples.expected("rgb-444.jpg").rgb());
  }

  @Test
  void passesOverWhatIsNoMarker() throws Exception {
    byte[] jpeg = Samples.read("rgb-444.jpg");
    byte[] padded =
        Samples.bytes(
            Arrays.copyOf(jpeg, 20),
            new byte[] {0, 1, 2, (byte) 0xff, 0, (byte) 0xff, (byte) 0xff},
            Arrays.copyOfRange(jpeg, 20, jpeg.length));
    assertThat(DECODER.decode(padded).rgb()).isEqualTo(Samples.expected("rgb-444.jpg").rgb());
  }

  @Test
  void refusesAFileWithoutAFrameOrWithoutAScan() {
    byte[] jpeg = Samples.read("progressive.jpg");
    int scan = Samples.indexOf(jpeg, SOS);
    int frame = Samples.indexOf(jpeg, SOF2);
    assertThat(error(Arrays.copyOf(jpeg, scan))).isEqualTo(ImageError.CORRUPT);
    assertThat(error(Samples.bytes(Arrays.copyOf(jpeg, frame), 0xff, 0xd9)))
        .isEqualTo(ImageError.CORRUPT);
    assertThat(
            error(
                Samples.bytes(
                    Arrays.copyOf(jpeg, frame), Arrays.copyOfRange(jpeg, scan, jpeg.length))))
        .isEqualTo(ImageError.CORRUPT);
  }
}
