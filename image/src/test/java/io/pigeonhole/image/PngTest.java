package io.pigeonhole.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PngTest extends DecoderTest {
  private static final int GREY = 0;
  private static final byte[] BOMB =
      Samples.bytes("Comment\0\0", Samples.deflated(new byte[100_000_000]));
  private static final byte[] BLACK_2X2 = data(new byte[2 * 3]);

  @ParameterizedTest
  @ValueSource(strings = {"zTXt", "iTXt", "tEXt", "iCCP", "acTL", "fdAT", "eXIf", "prVt"})
  void passesOverWhatPixelsAreNotMadeOf(String type) throws Exception {
    byte[] png = Samples.png(2, 2, 8, GREY, Samples.chunk(type, BOMB), BLACK_2X2);
    assertThat(DECODER.decode(png).rgb()).containsOnly(0).hasSize(12);
  }

  @Test
  void refusesTheSizeBeforeAllElse() {
    byte[] png = Samples.png(2, 2, 8, GREY, BLACK_2X2);
    java.nio.ByteBuffer.wrap(png).putInt(16, 60_000).putInt(20, 60_000);
    assertThat(error(png)).isEqualTo(ImageError.TOO_MANY_PIXELS);
    java.nio.ByteBuffer.wrap(png).putInt(16, Integer.MAX_VALUE).putInt(20, Integer.MAX_VALUE);
    assertThat(error(png)).isEqualTo(ImageError.TOO_MANY_PIXELS);
  }

  @ParameterizedTest
  @CsvSource({"0, 2", "2, 0", "-1, 2", "2, -2147483648", "900, 900"})
  void refusesSidesThatCannotBe(int width, int height) {
    assertThat(error(Samples.png(width, height, 8, GREY, BLACK_2X2))).isEqualTo(ImageError.CORRUPT);
  }

  @ParameterizedTest
  @CsvSource({"8, 1", "8, 5", "3, 0", "16, 3", "4, 2", "0, 0", "255, 255"})
  void refusesDepthsAndColorsThatDoNotGoTogether(int depth, int colorType) {
    assertThat(error(Samples.png(2, 2, depth, colorType, BLACK_2X2))).isEqualTo(ImageError.CORRUPT);
  }

  @Test
  void refusesAWrongChecksumOfAHeaderOrAPalette() {
    byte[] palette = Samples.chunk("PLTE", new byte[] {1, 2, 3});
    byte[] good = Samples.png(2, 2, 8, 3, palette, BLACK_2X2);
    for (int at = 29; at < 33 + palette.length; at++) {
      byte[] bad = good.clone();
      bad[at] ^= 1;
      assertThat(error(bad)).as("byte %d", at).isEqualTo(ImageError.CORRUPT);
    }
  }

  @Test
  void showsPixelsWhateverTheirChecksums() throws Exception {
    byte[] good = Samples.png(2, 2, 8, GREY, BLACK_2X2);
    int end = good.length - 12;
    int[] checksums = {end - 8, end - 7, end - 6, end - 5, end - 4, end - 3, end - 2, end - 1};
    for (int at : checksums) {
      byte[] bad = good.clone();
      bad[at] ^= 1;
      assertThat(DECODER.decode(bad).rgb()).as("byte %d", at).containsOnly(0).hasSize(12);
    }
    byte[] stream = Samples.deflated(new byte[2 * 3]);
    stream[stream.length - 1] ^= 1;
    byte[] wrongStream = Samples.png(2, 2, 8, GREY, Samples.chunk("IDAT", stream));
    assertThat(DECODER.decode(wrongStream).rgb()).containsOnly(0).hasSize(12);
    byte[] wrongEnd = good.clone();
    wrongEnd[good.length - 1] ^= 1;
    assertThat(DECODER.decode(wrongEnd).rgb()).containsOnly(0).hasSize(12);
  }

  @Test
  void showsPixelsThatNoEndFollows() throws Exception {
    for (String name : List.of("rgb.png", "palette4.png", "rgba16.png", "grey-alpha.png")) {
      byte[] png = Samples.read(name);
      assertThat(DECODER.decode(Arrays.copyOf(png, png.length - 12)).rgb())
          .isEqualTo(Samples.expected(name).rgb());
    }
  }

  @Test
  void repeatsTheLastRowWhereOthersAreMissing() throws Exception {
    byte[] rows = {0, 10, 20, 0, 30, 40, 0, 50, 60};
    Pixels pixels = DECODER.decode(Samples.png(2, 5, 8, GREY, data(rows)));
    assertThat(rgb(pixels, 1, 2)).isEqualTo(0x3c3c3c);
    assertThat(rgb(pixels, 1, 4)).isEqualTo(0x3c3c3c);
  }

  @Test
  void doesNotMindAWrongChecksumOfText() throws Exception {
    byte[] text =
        Samples.chunk(
            "tEXt", "Comment\0hello".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    text[text.length - 1] ^= 1;
    assertThat(DECODER.decode(Samples.png(2, 2, 8, GREY, text, BLACK_2X2)).rgb()).hasSize(12);
  }

  @Test
  void refusesAnUnknownChunkThatMatters() {
    byte[] unknown = Samples.chunk("XXXX", new byte[4]);
    assertThat(error(Samples.png(2, 2, 8, GREY, unknown, BLACK_2X2))).isEqualTo(ImageError.CORRUPT);
  }

  @Test
  void refusesAPngWithoutPixels() {
    assertThat(error(Samples.png(2, 2, 8, GREY))).isEqualTo(ImageError.CORRUPT);
    assertThat(error(Samples.png(2, 2, 8, 3, BLACK_2X2)))
        .as("no palette")
        .isEqualTo(ImageError.CORRUPT);
    assertThat(error(Samples.png(2, 2, 8, GREY, data(new byte[2]))))
        .as("less than half of its rows")
        .isEqualTo(ImageError.CORRUPT);
  }

  @Test
  void doesNotInflateMoreThanItsPixels() throws Exception {
    byte[] png = Samples.png(2, 2, 8, GREY, data(new byte[50_000_000]));
    assertThat(DECODER.decode(png).rgb()).hasSize(12);
  }

  @Test
  void decodesAPngOfManyEmptyChunks() throws Exception {
    byte[][] chunks = new byte[20_000][];
    Arrays.fill(chunks, Samples.chunk("IDAT", new byte[0]));
    byte[] all = new byte[12 * chunks.length];
    for (int i = 0; i < chunks.length; i++) {
      System.arraycopy(chunks[i], 0, all, 12 * i, 12);
    }
    assertThat(DECODER.decode(Samples.png(2, 2, 8, GREY, all, BLACK_2X2)).rgb()).hasSize(12);
  }

  @Test
  void namesApplesVariant() {
    byte[] png = Samples.png(2, 2, 8, GREY, BLACK_2X2);
    byte[] apples =
        Samples.bytes(
            Arrays.copyOf(png, 8),
            Samples.chunk("CgBI", new byte[4]),
            Arrays.copyOfRange(png, 8, png.length));
    assertThat(error(apples)).isEqualTo(ImageError.UNSUPPORTED_FORMAT);
  }

  private static byte[] data(byte[] raw) {
    return Samples.chunk("IDAT", Samples.deflated(raw));
  }
}
