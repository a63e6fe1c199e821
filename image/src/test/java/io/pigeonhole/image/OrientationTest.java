package io.pigeonhole.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrientationTest extends DecoderTest {
  /** A photo of 2 by 3 areas of 32 by 32 pixels each, as it is stored. */
  private static final String[] STORED = {"RG", "BY", "KW"};

  @ParameterizedTest
  @CsvSource({
    "1, RG BY KW",
    "2, GR YB WK",
    "3, WK YB GR",
    "4, KW BY RG",
    "5, RBK GYW",
    "6, KBR WYG",
    "7, WYG KBR",
    "8, GYW RBK",
    "0, RG BY KW",
    "9, RG BY KW"
  })
  void showsAPhotoAsItWasHeld(int orientation, String shown) throws Exception {
    byte[] exif = Samples.exif(orientation);
    byte[] jpeg =
        Samples.withSegment(Samples.write(areas(), "jpg"), 0xe1, Samples.bytes("Exif\0\0", exif));
    byte[] png = Samples.withChunk(Samples.write(areas(), "png"), Samples.chunk("eXIf", exif));
    assertThat(read(DECODER.decode(jpeg))).isEqualTo(shown);
    assertThat(read(DECODER.decode(jpeg, 4, 4))).isEqualTo(shown);
    assertThat(read(DECODER.decode(png))).isEqualTo(shown);
    assertThat(read(DECODER.decode(png, 4, 4))).isEqualTo(shown);
  }

  @Test
  void asksForTheSidesOfTheShownImage() throws Exception {
    byte[] jpeg =
        Samples.withSegment(
            Samples.write(Samples.halves(640, 160), "jpg"),
            0xe1,
            Samples.bytes("Exif\0\0", Samples.exif(6)));
    Pixels turned = DECODER.decode(jpeg, 20, 80);
    assertThat(turned.width()).isEqualTo(40);
    assertThat(turned.height()).isEqualTo(160);
  }

  @Test
  void takesNoHarmFromBadMetadata() throws Exception {
    byte[] jpeg = Samples.write(areas(), "jpg");
    byte[] good = Samples.exif(6);
    for (int at = 0; at < good.length; at++) {
      for (int value : new int[] {0, 1, 0x7f, 0xff}) {
        byte[] bad = good.clone();
        bad[at] = (byte) value;
        byte[] file = Samples.withSegment(jpeg, 0xe1, Samples.bytes("Exif\0\0", bad));
        assertThat(DECODER.decode(file).rgb()).hasSize(64 * 96 * 3);
      }
      byte[] cut = Samples.bytes("Exif\0\0", Arrays.copyOf(good, at));
      assertThat(DECODER.decode(Samples.withSegment(jpeg, 0xe1, cut)).rgb()).hasSize(64 * 96 * 3);
    }
  }

  private static java.awt.image.BufferedImage areas() {
    var image = new java.awt.image.BufferedImage(64, 96, java.awt.image.BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < 96; y++) {
      for (int x = 0; x < 64; x++) {
        image.setRGB(x, y, color(STORED[y / 32].charAt(x / 32)));
      }
    }
    return image;
  }

  private static int color(char name) {
    return switch (name) {
      case 'R' -> 0xff0000;
      case 'G' -> 0x00ff00;
      case 'B' -> 0x0000ff;
      case 'Y' -> 0xffff00;
      case 'K' -> 0x000000;
      default -> 0xffffff;
    };
  }

  /** The areas' colours, row by row. */
  private static String read(Pixels pixels) {
    int columns = pixels.width() < pixels.height() ? 2 : 3;
    StringBuilder rows = new StringBuilder();
    for (int row = 0; row < 5 - columns; row++) {
      rows.append(row == 0 ? "" : " ");
      for (int column = 0; column < columns; column++) {
        int x = (2 * column + 1) * pixels.width() / (2 * columns);
        int y = (2 * row + 1) * pixels.height() / (2 * (5 - columns));
        rows.append(nearest(rgb(pixels, x, y)));
      }
    }
    return rows.toString();
  }

  private static char nearest(int rgb) {
    int bits = rgb & 0x808080;
    for (char name : "RGBYK".toCharArray()) {
      if ((color(name) & 0x808080) == bits) {
        return name;
      }
    }
    return 'W';
  }
}
