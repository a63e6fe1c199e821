package io.pigeonhole.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageDecoderTest {
  private static ImageDecoder decoder;

  @BeforeAll
  static void open() {
    decoder = new ImageDecoder(new ImageLimits(1 << 20, 1_000_000));
  }

  @AfterAll
  static void close() {
    decoder.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"jpg", "png", "gif", "bmp"})
  void decodesEveryFormatToItsPixels(String format) throws Exception {
    Pixels pixels = decoder.decode(write(halves(40, 20, BufferedImage.TYPE_INT_RGB), format));
    assertThat(pixels.width()).isEqualTo(40);
    assertThat(pixels.height()).isEqualTo(20);
    assertThat(pixels.rgb()).hasSize(40 * 20 * 3);
    assertThat(pixels.rgb()[5 * 3] & 0xff).as("red on the left").isGreaterThan(240);
    assertThat(pixels.rgb()[35 * 3] & 0xff).as("blue on the right").isLessThan(15);
  }

  @Test
  void laysTransparencyOverWhite() throws Exception {
    BufferedImage clear = new BufferedImage(2, 2, BufferedImage.TYPE_INT_ARGB);
    assertThat(decoder.decode(write(clear, "png")).rgb()).containsOnly((byte) 255);
  }

  @Test
  void decodesAJpegSmallerOnlyWhereEnoughPixelsAreLeft() throws Exception {
    byte[] photo = write(halves(640, 480, BufferedImage.TYPE_INT_RGB), "jpg");
    assertThat(decoder.decode(photo, 32, 32).width()).isEqualTo(640 / 4);
    assertThat(decoder.decode(photo, 224, 224).width()).isEqualTo(640);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void turnsAPhotoAsItWasHeld(int orientation) throws Exception {
    byte[] upright = write(halves(40, 20, BufferedImage.TYPE_INT_RGB), "jpg");
    Pixels pixels = decoder.decode(withOrientation(upright, orientation));
    boolean turned = orientation >= 5;
    assertThat(pixels.width()).isEqualTo(turned ? 20 : 40);
    // The red half of the stored picture is on its left.
    int x = turned ? 10 : (orientation == 2 || orientation == 3 ? 35 : 5);
    int y = turned ? (orientation == 7 || orientation == 8 ? 35 : 5) : 10;
    assertThat(pixels.rgb()[3 * (y * pixels.width() + x)] & 0xff).isGreaterThan(240);
  }

  @Test
  void namesTheErrorOfWhatCannotBeDecoded() throws Exception {
    byte[] png = write(halves(40, 20, BufferedImage.TYPE_INT_RGB), "png");
    byte[] huge = png.clone();
    ByteBuffer.wrap(huge).putInt(16, 60_000).putInt(20, 60_000);
    assertThat(error(new byte[0])).isEqualTo(ImageError.EMPTY);
    assertThat(error("a text".getBytes(UTF_8))).isEqualTo(ImageError.NOT_AN_IMAGE);
    assertThat(error("RIFF....WEBPVP8 ".getBytes(UTF_8))).isEqualTo(ImageError.UNSUPPORTED_FORMAT);
    assertThat(error(huge)).isEqualTo(ImageError.TOO_MANY_PIXELS);
    assertThat(error(new byte[(1 << 20) + 1])).isEqualTo(ImageError.TOO_LARGE);
    byte[] jpeg = write(halves(64, 64, BufferedImage.TYPE_INT_RGB), "jpg");
    assertThat(error(Arrays.copyOf(jpeg, jpeg.length / 2))).isEqualTo(ImageError.CORRUPT);
    assertThat(error(Arrays.copyOf(png, png.length / 2))).isEqualTo(ImageError.CORRUPT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"jpg", "png", "gif", "bmp"})
  void endsInPixelsOrAnErrorWhateverTheBytes(String format) throws Exception {
    byte[] good = write(halves(24, 24, BufferedImage.TYPE_INT_RGB), format);
    Random random = new Random(1);
    for (int i = 0; i < 500; i++) {
      byte[] bad = Arrays.copyOf(good, 1 + random.nextInt(good.length));
      for (int flips = random.nextInt(4); flips > 0; flips--) {
        bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
      }
      try {
        Pixels pixels = decoder.decode(bad, 8, 8);
        assertThat(pixels.rgb()).hasSize(pixels.width() * pixels.height() * 3);
      } catch (UndecodableImageException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
  }

  @Test
  void resizesByAveragingAndKeepsTheShapeOrNot() throws Exception {
    Pixels wide = decoder.decode(write(halves(400, 100, BufferedImage.TYPE_INT_RGB), "png"));
    ByteBuffer target = ByteBuffer.allocate(2 * 2 * 3);
    Resize.STRETCH.into(wide, 2, 2, target);
    assertThat(target.remaining()).isZero();
    assertThat(target.array()).startsWith(255, 0, 0, 0, 0, 255);
    Resize.CROP.into(wide, 1, 1, target.clear());
    assertThat(target.get(0) & 0xff).as("half of the centre is red").isBetween(127, 128);
  }

  private static ImageError error(byte[] bytes) {
    return catchThrowableOfType(UndecodableImageException.class, () -> decoder.decode(bytes))
        .error();
  }

  private static BufferedImage halves(int width, int height, int type) {
    BufferedImage image = new BufferedImage(width, height, type);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, x < width / 2 ? 0xffff0000 : 0xff0000ff);
      }
    }
    return image;
  }

  private static byte[] write(BufferedImage image, String format) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(ImageIO.write(image, format, out)).isTrue();
    return out.toByteArray();
  }

  /** Puts an EXIF segment with this tag alone after the start of the image. */
  private static byte[] withOrientation(byte[] jpeg, int orientation) {
    ByteBuffer out = ByteBuffer.allocate(jpeg.length + 36);
    out.put(jpeg, 0, 2).putShort((short) 0xffe1).putShort((short) 34);
    out.put("Exif\0\0MM\0*".getBytes(UTF_8)).putInt(8).putShort((short) 1);
    out.putShort((short) 0x0112).putShort((short) 3).putInt(1);
    out.putShort((short) orientation).putShort((short) 0).putInt(0);
    return out.put(jpeg, 2, jpeg.length - 2).array();
  }
}
