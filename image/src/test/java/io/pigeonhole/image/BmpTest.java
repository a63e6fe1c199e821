package io.pigeonhole.image;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BmpTest extends DecoderTest {
  private static final byte[] NONE = {};

  /** Black, red, green and blue, in BGR0. */
  private static final byte[] PALETTE =
      Samples.bytes(0, 0, 0, 0, 0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0, 0);

  private static final int[] COLORS = {0, 0xff0000, 0x00ff00, 0x0000ff};
  private static final int RLE8 = 1;
  private static final int RLE4 = 2;
  private static final int MASKS = 3;
  private static final int ALPHA_MASKS = 6;

  @ParameterizedTest
  @CsvSource({"1, 0x40", "2, 0x1b", "4, 0x01", "8, 0x00"})
  void readsIndexesOfEverySize(int bits, String first) throws Exception {
    byte[] row = {Integer.decode(first).byteValue(), 0x01, 0x02, 0x03};
    Pixels pixels = DECODER.decode(Samples.bmp(2, 1, bits, 0, palette(bits), row));
    assertThat(rgb(pixels, 0, 0)).isEqualTo(COLORS[0]);
    assertThat(rgb(pixels, 1, 0)).isEqualTo(COLORS[1]);
  }

  @Test
  void readsRowsFromBelowUnlessTheHeightIsNegative() throws Exception {
    byte[] rows = {1, 0, 0, 0, 2, 0, 0, 0};
    assertThat(rgb(DECODER.decode(Samples.bmp(1, 2, 8, 0, PALETTE, rows)), 0, 0))
        .isEqualTo(COLORS[2]);
    assertThat(rgb(DECODER.decode(Samples.bmp(1, -2, 8, 0, PALETTE, rows)), 0, 0))
        .isEqualTo(COLORS[1]);
  }

  @Test
  void readsColorsOf16And24And32Bits() throws Exception {
    assertThat(only(Samples.bmp(1, 1, 16, 0, NONE, Samples.bytes(0xe0, 0x7f, 0, 0))))
        .as("5 bits a colour")
        .isEqualTo(0xffff00);
    assertThat(only(Samples.bmp(1, 1, 24, 0, NONE, Samples.bytes(1, 2, 3, 0)))).isEqualTo(0x030201);
    assertThat(only(Samples.bmp(1, 1, 32, 0, NONE, Samples.bytes(1, 2, 3, 0x80))))
        .as("the fourth byte means nothing")
        .isEqualTo(0x030201);
  }

  @Test
  void readsColorsByMasks() throws Exception {
    byte[] masks565 =
        Samples.bytes(Samples.little32(0xf800), Samples.little32(0x7e0), Samples.little32(0x1f));
    assertThat(only(Samples.bmp(1, 1, 16, MASKS, masks565, Samples.bytes(0xe0, 0x07, 0, 0))))
        .isEqualTo(0x00ff00);
    byte[] masks =
        Samples.bytes(Samples.little32(0xff), Samples.little32(0xff00), Samples.little32(0xff0000));
    assertThat(only(Samples.bmp(1, 1, 32, MASKS, masks, Samples.bytes(1, 2, 3, 0))))
        .isEqualTo(0x010203);
  }

  @ParameterizedTest
  @ValueSource(ints = {40, 56, 108, 124})
  void laysColorsWithAlphaOverWhite(int headerSize) throws Exception {
    int compression = headerSize == 40 ? ALPHA_MASKS : MASKS;
    byte[] masks =
        Samples.bytes(
            Samples.little32(0xff0000),
            Samples.little32(0xff00),
            Samples.little32(0xff),
            Samples.little32(0xff000000L),
            new byte[Math.max(0, headerSize - 56)]);
    byte[] clear = Samples.bytes(0, 0, 0, 0, 9, 8, 7, 255);
    Pixels pixels = DECODER.decode(Samples.bmp(headerSize, 2, 1, 32, compression, masks, clear));
    assertThat(rgb(pixels, 0, 0)).isEqualTo(0xffffff);
    assertThat(rgb(pixels, 1, 0)).isEqualTo(0x070809);
    byte[] forgotten = Samples.bytes(1, 2, 3, 0, 4, 5, 6, 0);
    assertThat(only(Samples.bmp(headerSize, 2, 1, 32, compression, masks, forgotten)))
        .as("alpha that is nowhere set")
        .isEqualTo(0x030201);
  }

  @Test
  void readsTheOldestHeader() throws Exception {
    byte[] bmp =
        Samples.bytes(
            "BM",
            new byte[8],
            Samples.little32(26 + 6),
            Samples.little32(12),
            Samples.little16(1),
            Samples.little16(1),
            Samples.little16(1),
            Samples.little16(1),
            new byte[] {0, 0, 0, 3, 2, 1},
            new byte[] {(byte) 0x80, 0, 0, 0});
    assertThat(only(bmp)).isEqualTo(0x010203);
  }

  @Test
  void decompressesRuns() throws Exception {
    byte[] runs = {2, 1, 0, 0, 0, 3, 2, 3, 1, 0, 0, 1};
    Pixels pixels = DECODER.decode(Samples.bmp(3, 2, 8, RLE8, PALETTE, runs));
    assertThat(row(pixels, 0)).containsExactly(COLORS[2], COLORS[3], COLORS[1]);
    assertThat(row(pixels, 1)).containsExactly(COLORS[1], COLORS[1], COLORS[0]);
  }

  @Test
  void decompressesRunsOfHalfBytes() throws Exception {
    byte[] runs = {3, 0x12, 0, 0, 0, 3, 0x32, 0x10, 0, 1};
    Pixels pixels = DECODER.decode(Samples.bmp(3, 2, 4, RLE4, PALETTE, runs));
    assertThat(row(pixels, 0)).containsExactly(COLORS[3], COLORS[2], COLORS[1]);
    assertThat(row(pixels, 1)).containsExactly(COLORS[1], COLORS[2], COLORS[1]);
  }

  @Test
  void passesOverWhatRunsLeaveOut() throws Exception {
    byte[] runs = {0, 2, 1, 1, (byte) 255, 1, 0, 1};
    Pixels pixels = DECODER.decode(Samples.bmp(3, 2, 8, RLE8, PALETTE, runs));
    assertThat(row(pixels, 0)).containsExactly(COLORS[0], COLORS[1], COLORS[1]);
    assertThat(row(pixels, 1)).containsExactly(COLORS[0], COLORS[0], COLORS[0]);
  }

  @Test
  void refusesRunsThatEndTooEarly() {
    assertThat(error(Samples.bmp(3, 2, 8, RLE8, PALETTE, new byte[] {2, 1, 0, 0})))
        .isEqualTo(ImageError.CORRUPT);
    assertThat(error(Samples.bmp(3, 2, 8, RLE8, PALETTE, new byte[] {0, 100, 1, 1})))
        .isEqualTo(ImageError.CORRUPT);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1, 8, 0, CORRUPT",
    "1, 0, 8, 0, CORRUPT",
    "-1, 1, 8, 0, CORRUPT",
    "1, -2147483648, 8, 0, TOO_MANY_PIXELS",
    "2147483647, 2147483647, 32, 0, TOO_MANY_PIXELS",
    "30000, 30000, 8, 1, TOO_MANY_PIXELS",
    "1, 1, 3, 0, CORRUPT",
    "1, 1, 0, 0, CORRUPT",
    "1, -1, 8, 1, CORRUPT",
    "1, 1, 24, 3, CORRUPT",
    "1, 1, 8, 99, CORRUPT",
    "1, 1, 0, 4, UNSUPPORTED_FORMAT",
    "1, 1, 0, 5, UNSUPPORTED_FORMAT",
    "900, 900, 24, 0, CORRUPT"
  })
  void namesWhatIsWrongInAHeader(
      int width, int height, int bits, int compression, ImageError expected) {
    byte[] bmp = Samples.bmp(width, height, bits, compression, PALETTE, new byte[16]);
    assertThat(error(bmp)).isEqualTo(expected);
  }

  private static byte[] palette(int bits) {
    return bits == 1 ? java.util.Arrays.copyOf(PALETTE, 8) : PALETTE;
  }

  private static int only(byte[] bmp) throws UndecodableImageException {
    return rgb(DECODER.decode(bmp), 0, 0);
  }

  private static int[] row(Pixels pixels, int y) {
    int[] row = new int[pixels.width()];
    for (int x = 0; x < row.length; x++) {
      row[x] = rgb(pixels, x, y);
    }
    return row;
  }
}
