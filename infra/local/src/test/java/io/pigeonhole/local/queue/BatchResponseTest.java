package io.pigeonhole.local.queue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchResponseTest {
  private static final Set<String> BATCH = Set.of("a", "b");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "{}",
        "{\"batchItemFailures\":[]}",
        "{\"batchItemFailures\":null}",
        "\"done\""
      })
  void isSuccessWhenNothingIsSaidToHaveFailed(String response) {
    assertThat(parse(response).failed()).isEmpty();
  }

  @Test
  void namesTheItemsThatFailed() {
    BatchResponse response = parse("{\"batchItemFailures\":[{\"itemIdentifier\":\"b\"}]}");
    assertThat(response.failed()).containsExactly("b");
    assertThat(response.problem()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "not json",
        "{\"batchItemFailures\":[{\"itemIdentifier\":\"b\"}",
        "{\"batchItemFailures\":{}}",
        "{\"batchItemFailures\":[{\"itemIdentifier\":\"\"}]}",
        "{\"batchItemFailures\":[{\"itemIdentifier\":null}]}",
        "{\"batchItemFailures\":[{\"wrongName\":\"a\"}]}",
        "{\"batchItemFailures\":[{\"itemIdentifier\":\"a\"},{\"itemIdentifier\":\"c\"}]}",
        "{\"batchItemFailures\":[\"a\"]}"
      })
  void failsTheWholeBatchWhenItMakesNoSense(String response) {
    assertThat(parse(response).failed()).isEqualTo(BATCH);
    assertThat(parse(response).problem()).isNotEmpty();
  }

  private static BatchResponse parse(String response) {
    return BatchResponse.parse(response.getBytes(UTF_8), BATCH);
  }
}
