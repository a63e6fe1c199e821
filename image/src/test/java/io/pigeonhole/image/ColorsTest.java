package io.pigeonhole.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Colours that are not sRGB's; the expected ones are Little CMS's, by the same profiles. */
class ColorsTest extends DecoderTest {
  private static final double[][] ADOBE_RGB = {
    {.60974, .31111, .01947}, {.20528, .62567, .06087}, {.14919, .06322, .74457}
  };
  private static final double[][] PROPHOTO = {
    {.7977, .2880, 0}, {.1352, .7119, 0}, {.0313, .0001, .8249}
  };
  private static final double[][] DISPLAY_P3 = {
    {.5151, .2412, -.0011}, {.2919, .6922, .0419}, {.1572, .0666, .7841}
  };

  @ParameterizedTest
  @CsvSource({
    "100, 150, 50,   66, 151, 34",
    "200, 100, 100,  227, 100, 100",
    "30, 60, 90,     0, 57, 91",
    "128, 128, 128,  129, 129, 129",
    "255, 255, 255,  255, 255, 255",
    "250, 200, 150,  255, 201, 149"
  })
  void convertsAdobeRgb(int r, int g, int b, int red, int green, int blue) throws Exception {
    byte[] profile = Samples.profile(ADOBE_RGB, Samples.gammaCurve(2.19921875));
    assertShown(png(r, g, b, iccp(profile)), red, green, blue);
  }

  @ParameterizedTest
  @CsvSource({
    "100, 150, 50,   80, 175, 4",
    "200, 100, 100,  255, 80, 118",
    "30, 60, 90,     0, 83, 113",
    "128, 128, 128,  146, 146, 146",
    "250, 200, 150,  255, 199, 158"
  })
  void convertsProPhoto(int r, int g, int b, int red, int green, int blue) throws Exception {
    byte[] profile = Samples.profile(PROPHOTO, Samples.gammaCurve(1.8));
    assertShown(png(r, g, b, iccp(profile)), red, green, blue);
  }

  @ParameterizedTest
  @CsvSource({
    "100, 150, 50,   83, 152, 23",
    "200, 100, 100,  215, 93, 97",
    "30, 60, 90,     17, 61, 93",
    "250, 200, 150,  255, 198, 142"
  })
  void convertsDisplayP3HoweverItIsSaid(int r, int g, int b, int red, int green, int blue)
      throws Exception {
    byte[] profile = Samples.profile(DISPLAY_P3, srgbCurve());
    assertShown(png(r, g, b, iccp(profile)), red, green, blue);
    byte[] coded = Samples.chunk("cICP", new byte[] {12, 13, 0, 1});
    assertShown(png(r, g, b, coded), red, green, blue);
    byte[] primaries = chromaticities(.3127, .3290, .680, .320, .265, .690, .150, .060);
    assertShown(png(r, g, b, primaries), red, green, blue);
  }

  @Test
  void convertsJpegAndWebpToo() throws Exception {
    byte[] profile = Samples.profile(PROPHOTO, Samples.gammaCurve(1.8));
    byte[] plain = Samples.read("rgb-444.jpg");
    byte[] segment = Samples.bytes("ICC_PROFILE\0", 1, 1, profile);
    assertConverted(plain, Samples.withSegment(plain, 0xe2, segment));
    byte[] halves = Arrays.copyOfRange(profile, 0, 200);
    byte[] rest = Arrays.copyOfRange(profile, 200, profile.length);
    byte[] second = Samples.bytes("ICC_PROFILE\0", 2, 2, rest);
    byte[] first = Samples.bytes("ICC_PROFILE\0", 1, 2, halves);
    assertConverted(
        plain, Samples.withSegment(Samples.withSegment(plain, 0xe2, first), 0xe2, second));
    byte[] webp = Samples.read("lossless.webp");
    byte[] chunk = Samples.bytes("ICCP", Samples.little32(profile.length), profile);
    byte[] with =
        Samples.bytes(Arrays.copyOf(webp, 12), chunk, Arrays.copyOfRange(webp, 12, webp.length));
    java.nio.ByteBuffer.wrap(with)
        .order(java.nio.ByteOrder.LITTLE_ENDIAN)
        .putInt(4, with.length - 8);
    assertConverted(webp, with);
  }

  /** All of them are the same conversion: that of every pixel. */
  private static void assertConverted(byte[] plain, byte[] profiled) throws Exception {
    byte[] expected = DECODER.decode(plain).rgb();
    byte[] profile = Samples.profile(PROPHOTO, Samples.gammaCurve(1.8));
    IccProfile.conversion(profile).convert(expected);
    assertThat(DECODER.decode(profiled).rgb()).isEqualTo(expected);
  }

  @Test
  void appliesGamma() throws Exception {
    byte[] linear = Samples.chunk("gAMA", Samples.big32(100_000));
    assertShown(png(55, 55, 55, linear), 128, 128, 128);
    byte[] usual = Samples.chunk("gAMA", Samples.big32(45_455));
    assertThat(DECODER.decode(png(10, 55, 200, usual)).rgb()).containsExactly(10, 55, 200);
  }

  @Test
  void takesWhatComesFirst() throws Exception {
    byte[] linear = Samples.chunk("gAMA", Samples.big32(100_000));
    byte[] srgb = Samples.chunk("sRGB", new byte[1]);
    assertThat(DECODER.decode(png(55, 55, 55, Samples.bytes(linear, srgb))).rgb())
        .containsExactly(55, 55, 55);
    byte[] p3 = Samples.chunk("cICP", new byte[] {12, 13, 0, 1});
    assertShown(png(100, 150, 50, Samples.bytes(linear, srgb, p3)), 83, 152, 23);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 10, 127, 130, 140, 200, 300})
  void ignoresAProfileThatCannotBeRead(int length) throws Exception {
    byte[] cut = Arrays.copyOf(Samples.profile(PROPHOTO, Samples.gammaCurve(1.8)), length);
    assertThat(DECODER.decode(png(10, 20, 30, iccp(cut))).rgb()).containsExactly(10, 20, 30);
    byte[] jpeg = Samples.read("rgb-444.jpg");
    byte[] profiled = Samples.withSegment(jpeg, 0xe2, Samples.bytes("ICC_PROFILE\0", 1, 1, cut));
    assertThat(DECODER.decode(profiled).rgb()).isEqualTo(DECODER.decode(jpeg).rgb());
  }

  @Test
  void ignoresPrimariesThatAreNone() throws Exception {
    byte[] profile = Samples.profile(new double[3][3], Samples.gammaCurve(1.8));
    assertThat(DECODER.decode(png(10, 20, 30, iccp(profile))).rgb()).containsExactly(10, 20, 30);
    assertThat(DECODER.decode(png(10, 20, 30, chromaticities(new double[8]))).rgb())
        .containsExactly(10, 20, 30);
  }

  @Test
  void inflatesNoProfileThatIsABomb() throws Exception {
    byte[] bomb = iccp(new byte[100_000_000]);
    assertThat(DECODER.decode(png(10, 20, 30, bomb)).rgb()).containsExactly(10, 20, 30);
  }

  @Test
  void endsWhateverTheProfile() {
    byte[] profile = Samples.profile(PROPHOTO, srgbCurve());
    byte[] jpeg = Samples.read("rgb-444.jpg");
    byte[] segment = Samples.bytes("ICC_PROFILE\0", 1, 1, profile);
    assertEndsWhateverTheBytes(Samples.withSegment(jpeg, 0xe2, segment));
  }

  private static void assertShown(byte[] png, int... expected) throws Exception {
    byte[] rgb = DECODER.decode(png).rgb();
    for (int c = 0; c < 3; c++) {
      assertThat(rgb[c] & 0xff).isBetween(expected[c] - 1, expected[c] + 1);
    }
  }

  private static byte[] png(int red, int green, int blue, byte[] chunks) {
    byte[] data = Samples.bytes(0, red, green, blue);
    return Samples.png(1, 1, 8, 2, chunks, Samples.chunk("IDAT", Samples.deflated(data)));
  }

  private static byte[] iccp(byte[] profile) {
    return Samples.chunk("iCCP", Samples.bytes("name\0\0", Samples.deflated(profile)));
  }

  private static byte[] chromaticities(double... xy) {
    byte[] values = new byte[0];
    for (double value : xy) {
      values = Samples.bytes(values, Samples.big32(Math.round(value * 100_000)));
    }
    return Samples.chunk("cHRM", values);
  }

  /** sRGB's curve, by its parameters. */
  private static byte[] srgbCurve() {
    byte[] curve = Samples.bytes("para", new byte[4], Samples.big16(3), new byte[2]);
    for (double parameter : new double[] {2.4, 1 / 1.055, .055 / 1.055, 1 / 12.92, .04045}) {
      curve = Samples.bytes(curve, Samples.big32(Math.round(parameter * 65536)));
    }
    return curve;
  }
}
