package io.pigeonhole.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pigeonhole.model.Gate;
import io.pigeonhole.model.Manifest;
import io.pigeonhole.model.ModelRepository;
import io.pigeonhole.model.S3ModelStore;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What a person says about an image stands, until there is another image. */
@ExtendWith(RunningProduct.Shared.class)
class CorrectionIT {
  private final RunningProduct product;
  private String key;
  private String first;

  CorrectionIT(RunningProduct product) {
    this.product = product;
  }

  @BeforeEach
  void correct(TestInfo test) throws Exception {
    key = "corrected/%s ä.jpg".formatted(test.getTestMethod().orElseThrow().getName());
    product.upload(key, Scenes.jpeg("bird"));
    first = product.awaitResult(key).path("label").asString();
    assertThat(put("{\"label\":\"red kite\"}").statusCode()).isEqualTo(200);
  }

  @Test
  void changesResultTagsAndIndex() throws Exception {
    JsonNode result = product.awaitResult(key);
    assertThat(result.path("label").asString()).isEqualTo("red kite");
    assertThat(result.path("review").asBoolean()).isFalse();
    assertThat(result.at("/correction/label").asString()).isEqualTo("red kite");
    assertThat(product.tags(key)).containsEntry("label", "red kite");
    assertThat(product.exists("results", "by-label/red kite/" + key)).isTrue();
    assertThat(product.exists("results", "corrected/" + key)).isTrue();
    assertThat(product.exists("results", "by-label/" + first + "/" + key)).isFalse();
    assertThat(product.exists("results", "for-review/" + key)).isFalse();
    assertThat(product.get("/corrections?limit=200").body()).contains(key);
  }

  @Test
  void takesTheImageOffTheListForReview() throws Exception {
    key = "corrected/uncertain.png";
    assertThat(Scenes.CLASSES).anyMatch(this::isUncertainOf);
    RunningProduct.await(() -> product.exists("results", "for-review/" + key));
    assertThat(put("{\"label\":\"nothing\"}").statusCode()).isEqualTo(200);
    assertThat(product.exists("results", "for-review/" + key)).isFalse();
    assertThat(product.exists("results", "corrected/" + key)).isTrue();
  }

  /** Of some pictures that are a few pixels wide, the model is not sure. */
  private boolean isUncertainOf(String scene) {
    try {
      for (int side = 4; side <= 12; side += 4) {
        product.upload(key, Scenes.encode(Scenes.draw(scene, side), "png"));
        if (product.awaitResult(key).path("review").asBoolean()) {
          return true;
        }
      }
      return false;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void isTheSameWhenSaidAgain() throws Exception {
    String at = product.awaitResult(key).at("/correction/at").asString();
    JsonNode again = RunningProduct.JSON.readTree(put("{\"label\":\"red kite\"}").body());
    assertThat(again.at("/correction/at").asString()).isEqualTo(at);
    JsonNode other = RunningProduct.JSON.readTree(put("{\"label\":\"buzzard\"}").body());
    assertThat(other.path("label").asString()).isEqualTo("buzzard");
    assertThat(product.exists("results", "by-label/red kite/" + key)).isFalse();
  }

  @Test
  void isKeptWhenTheSameContentIsUploadedAgain() throws Exception {
    String sequencer = product.awaitResult(key).path("sequencer").asString();
    product.upload(key, Scenes.jpeg("bird"));
    RunningProduct.await(
        () -> !product.awaitResult(key).path("sequencer").asString().equals(sequencer));
    assertThat(product.awaitResult(key).path("label").asString()).isEqualTo("red kite");
  }

  @Test
  void isKeptWhenANewerModelLabelsTheImageAgain(@TempDir Path folder) throws Exception {
    ModelRepository repository =
        new ModelRepository(new S3ModelStore(product.s3(), "models"), "cifar10");
    Manifest before = repository.current().orElseThrow().manifest();
    repository.download(before, folder);
    Manifest next = NewVersion.of(before, folder);
    repository.publish(next, folder);
    repository.promote(next.version(), Gate.open());
    try {
      product.awaitModel(next.version().value());
      product.upload(key, Scenes.jpeg("bird"));
      RunningProduct.await(
          () ->
              product
                  .awaitResult(key)
                  .at("/model/version")
                  .asString()
                  .equals(next.version().value()));
      JsonNode result = product.awaitResult(key);
      assertThat(result.path("label").asString()).isEqualTo("red kite");
      assertThat(result.at("/predictions/0/label").asString()).isEqualTo(first);
      assertThat(product.tags(key)).containsEntry("label", "red kite");
    } finally {
      repository.promote(before.version(), Gate.open());
      product.awaitModel(before.version().value());
    }
  }

  @Test
  void endsWithAnotherImageUnderTheKey() throws Exception {
    product.upload(key, Scenes.png("truck"));
    JsonNode result = product.awaitResult(key);
    assertThat(result.has("correction")).isFalse();
    assertThat(result.path("label").asString()).isIn(Scenes.CLASSES);
    RunningProduct.await(() -> !product.exists("results", "corrected/" + key));
    RunningProduct.await(() -> !product.exists("results", "by-label/red kite/" + key));
  }

  private HttpResponse<String> put(String json) throws Exception {
    return product.put(
        "/images/" + RunningProduct.encoded(key) + "/label",
        "application/json",
        json.getBytes(UTF_8));
  }
}
