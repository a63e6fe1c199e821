package io.pigeonhole.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Raw files as cameras write them: a small picture, a JPEG, and what the sensor saw. */
class RawTest extends DecoderTest {
  private static final int JPEG_START = 8;
  private static final int COMPRESSED_BY_JPEG = 7;

  @Test
  void showsTheJpegBesideWhatTheSensorSaw() throws Exception {
    byte[] jpeg = Samples.write(Samples.scene(64, 48), "jpg");
    Pixels expected = DECODER.decode(jpeg);
    assertThat(DECODER.decode(raw(jpeg, 1, true)).rgb()).isEqualTo(expected.rgb());
    assertThat(DECODER.decode(raw(jpeg, 1, false)).rgb()).isEqualTo(expected.rgb());
  }

  @Test
  void turnsItAsTheRawFileSays() throws Exception {
    byte[] jpeg = Samples.write(Samples.scene(64, 48), "jpg");
    Pixels pixels = DECODER.decode(raw(jpeg, 6, true));
    assertThat(pixels).extracting(Pixels::width, Pixels::height).containsExactly(48, 64);
  }

  @Test
  void refusesAJpegThatIsSmallerThanWhatIsNeeded() throws Exception {
    byte[] raw = raw(Samples.write(Samples.scene(64, 48), "jpg"), 1, true);
    assertThat(DECODER.decode(raw, 48, 48).width()).isEqualTo(64);
    assertThatThrownBy(() -> DECODER.decode(raw, 100, 100))
        .isInstanceOfSatisfying(
            UndecodableImageException.class,
            e -> assertThat(e.error()).isEqualTo(ImageError.UNSUPPORTED_FORMAT))
        .hasMessageContaining("64 x 48");
  }

  @Test
  void namesARawFileWithoutAJpeg() {
    assertThat(error(raw(new byte[100], 1, true))).isEqualTo(ImageError.UNSUPPORTED_FORMAT);
  }

  @Test
  void endsInPixelsOrAnErrorWhateverTheBytes() {
    assertEndsWhateverTheBytes(raw(Samples.write(Samples.scene(64, 48), "jpg"), 1, false));
  }

  @Test
  void followsNoDirectoriesInCircles() {
    byte[] raw = raw(new byte[100], 1, true);
    java.nio.ByteBuffer bytes =
        java.nio.ByteBuffer.wrap(raw).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(raw.length - 4, bytes.getInt(4));
    assertThat(error(raw)).isEqualTo(ImageError.UNSUPPORTED_FORMAT);
  }

  /** The sensor's directory comes first, and last the JPEG's, as one of two kinds. */
  private static byte[] raw(byte[] jpeg, int orientation, boolean strip) {
    int start = JPEG_START + jpeg.length;
    long[][] sensor = {
      {256, 100}, {257, 80}, {259, 1}, {262, 32803}, {273, 8}, {274, orientation}, {279, 50}
    };
    long[][] preview =
        strip
            ? new long[][] {{259, COMPRESSED_BY_JPEG}, {273, JPEG_START}, {279, jpeg.length}}
            : new long[][] {{513, JPEG_START}, {514, jpeg.length}};
    int next = start + 2 + 12 * sensor.length + 4;
    return Samples.bytes(
        "II*\0", Samples.little32(start), jpeg, directory(sensor, next), directory(preview, 0));
  }

  private static byte[] directory(long[][] fields, int next) {
    byte[] out = Samples.little16(fields.length);
    for (long[] field : fields) {
      out =
          Samples.bytes(
              out,
              Samples.little16((int) field[0]),
              Samples.little16(4),
              Samples.little32(1),
              Samples.little32(field[1]));
    }
    return Samples.bytes(out, Samples.little32(next));
  }
}
