package io.pigeonhole.image;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TiffTest extends DecoderTest {
  private static final byte[] PIXELS = {0, 100, (byte) 200, (byte) 255};

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void decodesBothByteOrders(boolean little) throws Exception {
    Pixels pixels = DECODER.decode(tiff(little, 2, 2, 1, 1, 8, 8, 4));
    assertThat(rgb(pixels, 0, 0)).isEqualTo(0);
    assertThat(rgb(pixels, 1, 0)).isEqualTo(0x646464);
    assertThat(rgb(pixels, 1, 1)).isEqualTo(0xffffff);
  }

  @ParameterizedTest
  @CsvSource({"6,1,8", "34925,1,8", "50000,1,8", "50002,1,8", "1,32803,8", "1,34892,8"})
  void namesWhatIsNotDecoded(int compression, int photometric, int bits) {
    assertThat(error(tiff(true, 2, 2, compression, photometric, bits, 8, 4)))
        .isEqualTo(ImageError.UNSUPPORTED_FORMAT);
  }

  @Test
  void refusesSamplesThatAreNotThere() {
    assertThat(error(tiff(true, 2, 2, 1, 5, 8, 8, 4))).isEqualTo(ImageError.CORRUPT);
    assertThat(error(tiff(true, 2, 2, 7, 1, 8, 8, 4))).isEqualTo(ImageError.CORRUPT);
  }

  @Test
  void convertsLabNearlyAsLittleCmsDoes() throws Exception {
    Pixels pixels = DECODER.decode(Samples.read("lab.tif"));
    Pixels expected = Samples.expected("lab.tif");
    double sum = 0;
    for (int i = 0; i < pixels.rgb().length; i++) {
      sum += Math.abs((pixels.rgb()[i] & 0xff) - (expected.rgb()[i] & 0xff));
    }
    assertThat(sum / pixels.rgb().length).as("8 bits of Lab are coarse").isLessThan(1.5);
  }

  @Test
  void takesAFourthSampleForOpacityOnlyIfItIsSaidToBeOne() throws Exception {
    byte[] silent = without(338, Samples.read("nir.tif"));
    assertThat(DECODER.decode(silent).rgb()).isEqualTo(Samples.expected("nir.tif").rgb());
  }

  @ParameterizedTest
  @ValueSource(ints = {259, 278, 279})
  void decodesWithoutFieldsThatCanBeDoneWithout(int tag) throws Exception {
    byte[] sparse = without(tag, Samples.read("white-is-zero.tif"));
    assertThat(DECODER.decode(sparse).rgb()).isEqualTo(Samples.expected("white-is-zero.tif").rgb());
  }

  /** The file without a field, which is made one that nobody knows. */
  private static byte[] without(int tag, byte[] tiff) {
    byte[] less = tiff.clone();
    java.nio.ByteBuffer fields =
        java.nio.ByteBuffer.wrap(less).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    int directory = fields.getInt(4);
    for (int i = 0; i < fields.getShort(directory); i++) {
      int at = directory + 2 + 12 * i;
      if (fields.getShort(at) == tag) {
        fields.putShort(at, (short) (tag + 1000));
      }
    }
    return less;
  }

  @Test
  void believesNoSizeBeforeItIsChecked() {
    assertThat(error(tiff(true, 60_000, 60_000, 1, 1, 8, 8, 4)))
        .isEqualTo(ImageError.TOO_MANY_PIXELS);
    assertThat(error(tiff(true, 0, 2, 1, 1, 8, 8, 4))).isEqualTo(ImageError.CORRUPT);
  }

  @ParameterizedTest
  @CsvSource({"100000,4", "8,100000", "4294967295,4", "8,4294967295"})
  void refusesPixelsThatAreNotInTheFile(long offset, long length) {
    assertThat(error(tiff(true, 2, 2, 1, 1, 8, offset, length))).isEqualTo(ImageError.CORRUPT);
  }

  @Test
  void refusesADirectoryThatIsNotInTheFile() {
    assertThat(error(Samples.bytes("II*\0", Samples.little32(0xffffffffL), new byte[50])))
        .isEqualTo(ImageError.CORRUPT);
    assertThat(error(Samples.bytes("II*\0", Samples.little32(8), 0xff, 0xff, new byte[50])))
        .isEqualTo(ImageError.CORRUPT);
  }

  /** A page of one strip; the strip's bytes follow the header. */
  private static byte[] tiff(
      boolean little,
      int width,
      int height,
      int compression,
      int photometric,
      int bits,
      long offset,
      long length) {
    long[][] fields = {
      {256, width},
      {257, height},
      {258, bits},
      {259, compression},
      {262, photometric},
      {273, offset},
      {277, 1},
      {278, height},
      {279, length}
    };
    byte[] out = Samples.bytes(little ? "II*\0" : "MM\0*", u32(little, 12), PIXELS, u16(little, 9));
    for (long[] field : fields) {
      out =
          Samples.bytes(
              out,
              u16(little, (int) field[0]),
              u16(little, 4),
              u32(little, 1),
              u32(little, field[1]));
    }
    return Samples.bytes(out, u32(little, 0));
  }

  private static byte[] u16(boolean little, int value) {
    return little ? Samples.little16(value) : Samples.big16(value);
  }

  private static byte[] u32(boolean little, long value) {
    return little ? Samples.little32(value) : Samples.big32(value);
  }
}
