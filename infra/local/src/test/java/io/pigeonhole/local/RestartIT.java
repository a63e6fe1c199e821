package io.pigeonhole.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Nothing that was uploaded is forgotten, whatever dies. */
class RestartIT {
  @TempDir Path data;

  @Test
  void findsYesterdaysImagesAndLabelsWhatWasMissed() throws Exception {
    JsonNode yesterday;
    try (RunningProduct product = new RunningProduct(data)) {
      product.upload("yesterday.jpg", Scenes.jpeg("bird"));
      yesterday = product.awaitResult("yesterday.jpg");
      product.whileLabelStandsStill(
          () -> {
            product.upload("missed é.jpg", Scenes.jpeg("frog"));
            product.upload("missed too.jpg", Scenes.jpeg("deer"));
            product.end();
          });
    }
    try (RunningProduct product = new RunningProduct(data)) {
      assertThat(product.awaitResult("missed é.jpg").path("label").asString()).isIn(Scenes.CLASSES);
      assertThat(product.awaitResult("missed too.jpg").path("label").asString())
          .isIn(Scenes.CLASSES);
      assertThat(product.awaitResult("yesterday.jpg")).isEqualTo(yesterday);
      assertThat(product.tags("yesterday.jpg"))
          .containsEntry("label", yesterday.path("label").asString());
      product.upload("today.jpg", Scenes.jpeg("cat"));
      assertThat(product.awaitResult("today.jpg").path("label").asString()).isIn(Scenes.CLASSES);
    }
  }

  /** In the product that the other tests use: it must not show. */
  @ExtendWith(RunningProduct.Shared.class)
  @Nested
  class WhenAFunctionIsKilled {
    @Test
    void labelsEveryImageAllTheSame(RunningProduct product) throws Exception {
      List<String> keys = IntStream.range(0, 60).mapToObj(i -> "killed/" + i + ".jpg").toList();
      byte[] image = Scenes.jpeg("horse");
      for (int i = 0; i < keys.size(); i++) {
        product.upload(keys.get(i), image);
        if (i == 20 || i == 50) {
          RunningProduct.running(product.product().label()).destroyForcibly();
        }
      }
      for (String key : keys) {
        assertThat(product.awaitResult(key).path("label").asString()).isIn(Scenes.CLASSES);
      }
      assertThat(product.log()).anyMatch(line -> line.contains("killed by signal 9"));
    }

    @Test
    void answersRequestsAgain(RunningProduct product) throws Exception {
      ProcessHandle killed = RunningProduct.running(product.product().classify());
      killed.destroyForcibly();
      RunningProduct.await(
          () -> product.product().classify().process().filter(p -> !p.equals(killed)).isPresent());
      assertThat(product.classify(Scenes.jpeg("cat")).path("label").asString())
          .isIn(Scenes.CLASSES);
    }
  }
}
