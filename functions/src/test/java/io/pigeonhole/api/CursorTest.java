package io.pigeonhole.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class CursorTest {

  @Test
  void leadsToWhatComesAfterAKey() throws Exception {
    assertThat(Cursor.of(asking(Cursor.after("ä/b c.jpg")))).isEqualTo("ä/b c.jpg");
    assertThat(Cursor.of(asking(""))).isEmpty();
  }

  @Test
  void isRefusedIfItIsNone() {
    for (String cursor : new String[] {"%", "_w", "a", "A".repeat(5000)}) {
      assertThatThrownBy(() -> Cursor.of(asking(cursor)))
          .as(cursor)
          .isInstanceOf(ProblemException.class);
    }
  }

  private static Request asking(String cursor) {
    return new Request(
        "GET",
        "",
        "/labels",
        Map.of("cursor", cursor),
        Map.of(),
        new byte[0],
        new Caller.Anonymous(),
        Map.of());
  }
}
