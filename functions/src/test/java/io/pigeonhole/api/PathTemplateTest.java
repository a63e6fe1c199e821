package io.pigeonhole.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PathTemplateTest {
  private static final PathTemplate LABEL = new PathTemplate("/images/{key+}/label");
  private static final PathTemplate VERSION = new PathTemplate("/models/{version}/report");

  @Test
  void takesKeysWithSlashes() throws Exception {
    assertThat(key("/images/a/b.jpg/label")).isEqualTo("a/b.jpg");
    assertThat(key("/images/label/label")).isEqualTo("label");
    assertThat(LABEL.capture("/images//label")).isEmpty();
    assertThat(LABEL.capture("/images/a.jpg")).isEmpty();
    assertThat(VERSION.capture("/models/a/b/report")).isEmpty();
  }

  @Test
  void decodesWhatWasEncoded() throws Exception {
    assertThat(key("/images/a%20b%2Fc%25+%C3%A9/label")).isEqualTo("a b/c%+é");
    assertThatThrownBy(() -> key("/images/%ff/label")).isInstanceOf(ProblemException.class);
  }

  @Test
  void takesWhatAnHttpApiHasDecodedAsItIs() throws Exception {
    assertThat(key("/images/a b/label")).isEqualTo("a b");
    assertThat(key("/images/é %41/label")).isEqualTo("é %41");
    assertThat(key("/images/100% sure/label")).isEqualTo("100% sure");
    assertThat(key("/images/100%.jpg/label")).isEqualTo("100%.jpg");
    assertThat(key("/images/a\nb/label")).isEqualTo("a\nb");
  }

  private static String key(String path) throws ProblemException {
    return LABEL.capture(path).orElseThrow().get("key");
  }
}
