package io.pigeonhole.image;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OtherFormatsTest extends DecoderTest {
  private static final byte[] MORE = new byte[200];

  @ParameterizedTest
  @ValueSource(
      strings = {
        "8BPS\0\1",
        "icns\0\0\1\0",
        "\0\0\1\0\1\0",
        "\0\0\2\0\1\0",
        "\0\0\2\0\0\0\0\0",
        "\0\0\0\14jP  \r\n",
        "\0\0\0\14JXL \r\n",
        "qoif\0\0\0\1",
        "\1\u00da\1\1\0\3",
        "\n\5\1\10\0\0\0\0",
        "P6\n# a comment\n10 10\n255\n",
        "P4 8 8\n",
        "P7\nWIDTH 10\n",
        "Pf\n10 10\n-1.0\n",
        "#define flag_width 16",
        "#?RADIANCE\n",
        "FUJIFILMCCD-RAW 0201"
      })
  void areNamed(String start) {
    assertThat(error(Samples.bytes(start, MORE))).isEqualTo(ImageError.UNSUPPORTED_FORMAT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<svg xmlns='http://www.w3.org/2000/svg'/>",
        "<svg/>",
        "\ufeff<svg width='1'>",
        "\n  <svg:svg xmlns:svg='http://www.w3.org/2000/svg'>",
        "<?xml version='1.0'?>\n<!-- made > by hand -->\n<svg>",
        "<?xml version='1.0'?><!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' 'x'><svg>",
        "<!DOCTYPE svg [ <!ENTITY a 'b'> ]>\r\n<svg>"
      })
  void areNamedIfTheyAreSvg(String text) {
    assertThat(error(text.getBytes(UTF_8))).isEqualTo(ImageError.UNSUPPORTED_FORMAT);
    assertThat(error(text.replace("\ufeff", "").getBytes(UTF_16)))
        .isEqualTo(ImageError.UNSUPPORTED_FORMAT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"mif2heic", "msf1msf1", "xxxxavif", "crx isom"})
  void areNamedIfTheyAreHeifByAnyOfTheirBrands(String brands) {
    byte[] box =
        Samples.bytes(
            Samples.big32(20), "ftyp", brands.substring(0, 4), new byte[4], brands.substring(4));
    assertThat(error(Samples.bytes(box, MORE))).isEqualTo(ImageError.UNSUPPORTED_FORMAT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<!DOCTYPE html><html><body><svg/></body></html>",
        "<?xml version='1.0'?><rss>",
        "<svgs>",
        "P5 is a note",
        "P9 1 1",
        "\0\0\0\24ftypmp42\0\0\0\0isom",
        "#define WIDTH 16"
      })
  void areNotSeenInWhatIsNoImage(String start) {
    assertThat(error(Samples.bytes(start, MORE))).isEqualTo(ImageError.NOT_AN_IMAGE);
  }

  @Test
  void areLookedForInLittleTime() {
    for (String part : new String[] {" ", "<!--", "<!-- -->", "<?xml >", "<!DOCTYPE", "[", "<"}) {
      assertThat(error(part.repeat(5000).getBytes(UTF_8))).isEqualTo(ImageError.NOT_AN_IMAGE);
      assertThat(error(("P6 #" + part.repeat(5000)).getBytes(UTF_8)))
          .isEqualTo(ImageError.NOT_AN_IMAGE);
    }
  }
}
