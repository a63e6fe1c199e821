package io.pigeonhole.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The API behind its gateway. */
@ExtendWith(RunningProduct.Shared.class)
class ClassifyIT {
  private final RunningProduct product;

  ClassifyIT(RunningProduct product) {
    this.product = product;
  }

  /** The third is what curl says of {@code --data-binary}. */
  @ParameterizedTest
  @ValueSource(
      strings = {"image/png", "application/octet-stream", "application/x-www-form-urlencoded"})
  void classifiesTheImageInTheBody(String type) throws Exception {
    HttpResponse<String> response = product.post("/classify?top=3", type, Scenes.png("truck"));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    JsonNode answer = RunningProduct.JSON.readTree(response.body());
    assertThat(answer.path("label").asString()).isIn(Scenes.CLASSES);
    assertThat(answer.path("predictions")).hasSize(3);
    assertThat(answer.at("/predictions/0/label")).isEqualTo(answer.path("label"));
  }

  @Test
  void explainsWhatIsWrongWithARequest() throws Exception {
    assertThat(product.post("/classify", "image/jpeg", "text".getBytes(UTF_8)).statusCode())
        .isBetween(400, 422);
    assertThat(product.post("/classify", "image/jpeg", new byte[0]).statusCode())
        .isBetween(400, 422);
    assertThat(product.post("/classify", "text/html", "<p>".getBytes(UTF_8)).statusCode())
        .isEqualTo(415);
    assertThat(
            product
                .post("/classify", "application/json", "{\"key\":\"none\"}".getBytes(UTF_8))
                .statusCode())
        .isEqualTo(404);
    assertThat(product.get("/classify").statusCode()).isEqualTo(405);
    assertThat(product.get("/nothing").statusCode()).isEqualTo(404);
    assertThat(product.get("/images/none.jpg").statusCode()).isEqualTo(404);
    assertThat(product.post("/classify", "image/bmp", Scenes.largeBmp("cat")).statusCode())
        .isEqualTo(413);
  }

  @Test
  void answersManyClientsAtOnce() {
    byte[] image = Scenes.jpeg("cat");
    List<String> labels =
        Stream.generate(() -> image).limit(100).parallel().map(this::label).distinct().toList();
    assertThat(labels).hasSize(1);
  }

  private String label(byte[] image) {
    try {
      return product.classify(image).path("label").asString();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void listsTheModelInService() throws Exception {
    HttpResponse<String> models = product.get("/models");
    assertThat(models.statusCode()).isEqualTo(200);
    String version = product.classify(Scenes.jpeg("cat")).at("/model/version").asString();
    assertThat(models.body()).contains(version);
  }
}
