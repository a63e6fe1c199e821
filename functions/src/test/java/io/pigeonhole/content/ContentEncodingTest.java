package io.pigeonhole.content;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pigeonhole.image.ImageError;
import io.pigeonhole.image.UndecodableImageException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContentEncodingTest {
  private static final byte[] BODY = "an image".getBytes(UTF_8);
  private static final int MOST = 1000;

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "GZIP", "x-gzip", "aws-chunked, gzip", "gzip,", "identity,gzip"})
  void takesGzipOff(String header) throws Exception {
    assertThat(ContentEncoding.of(header).decoded(gzip(BODY), MOST)).isEqualTo(BODY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "identity", "aws-chunked"})
  void leavesABodyWithoutCodingsAlone(String header) throws Exception {
    assertThat(ContentEncoding.of(header).isNone()).isTrue();
    assertThat(ContentEncoding.of(header).decoded(gzip(BODY), MOST)).isEqualTo(gzip(BODY));
  }

  @Test
  void takesAllOfThemOff() throws Exception {
    assertThat(ContentEncoding.of("gzip, gzip").decoded(gzip(gzip(BODY)), MOST)).isEqualTo(BODY);
  }

  @Test
  void leavesABodyAloneThatIsNotWhatItIsSaidToBe() throws Exception {
    assertThat(ContentEncoding.of("gzip").decoded(BODY, MOST)).isEqualTo(BODY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"deflate", "br", "zstd", "gzip, br", "gzip,gzip,gzip,gzip", "?"})
  void saysWhatItDoesNotTakeOff(String header) {
    assertThat(error(header, gzip(BODY))).isEqualTo(ImageError.UNSUPPORTED_FORMAT);
  }

  @Test
  void stopsABomb() throws Exception {
    assertThat(ContentEncoding.of("gzip").decoded(gzip(new byte[MOST]), MOST)).hasSize(MOST);
    assertThat(error("gzip", gzip(new byte[MOST + 1]))).isEqualTo(ImageError.TOO_LARGE);
    assertThat(error("gzip, gzip", gzip(gzip(new byte[100_000_000]))))
        .isEqualTo(ImageError.TOO_LARGE);
  }

  @Test
  void saysThatABodyBreaksOff() {
    byte[] zipped = gzip(BODY);
    assertThat(error("gzip", Arrays.copyOf(zipped, zipped.length - 9)))
        .isEqualTo(ImageError.CORRUPT);
  }

  private static ImageError error(String header, byte[] body) {
    return catchThrowableOfType(
            UndecodableImageException.class, () -> ContentEncoding.of(header).decoded(body, MOST))
        .error();
  }

  private static byte[] gzip(byte[] body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(body);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return bytes.toByteArray();
  }
}
