package io.pigeonhole.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pigeonhole.local.CommandLine.Ended;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import tools.jackson.databind.JsonNode;

/** An image unlike anything that the model learned is for review, and in no pigeonhole. */
@ExtendWith(RunningProduct.Shared.class)
class UnknownIT {
  private static final double LEVEL = 0.9;
  private static final byte[] WHITE = BrightUnknown.grey(255);

  private final RunningProduct product;
  @TempDir private Path folder;
  @TempDir private Path other;

  UnknownIT(RunningProduct product) {
    this.product = product;
  }

  @Test
  void isForReviewAndSaysSoInResultTagsAndIndex() throws Exception {
    try (BrightUnknown bright = new BrightUnknown(product, LEVEL, folder)) {
      String key = "unknown/white.png";
      product
          .s3()
          .putObject(
              put -> put.bucket("images").key(key).tagging("owner=me&review=later"),
              RequestBody.fromBytes(WHITE));
      JsonNode white = product.awaitResult(key);
      assertThat(white.path("review").asBoolean()).isTrue();
      assertThat(white.path("reason").asString()).isEqualTo("unknown");
      assertThat(white.path("novelty").asDouble()).isEqualTo(1);
      assertThat(white.path("confidence").asDouble()).isZero();
      assertThat(product.tags(key))
          .isEqualTo(
              Map.of(
                  "owner", "me",
                  "review", "later", // another's tag stays
                  "model", "cifar10/" + bright.manifest().version()));
      assertOnlyForReview(key, white.path("label").asString());
      assertThat(product.get("/review?limit=200").body()).contains(key);
      JsonNode grey = product.classify(BrightUnknown.grey(242));
      JsonNode darker = product.classify(BrightUnknown.grey(229));
      assertThat(grey.path("reason").asString()).isEqualTo("unknown");
      assertThat(grey.path("novelty").asDouble()).isEqualTo(242 / 255.0, within(1e-3));
      assertThat(darker.path("reason").asString("")).isNotEqualTo("unknown");
      assertThat(grey.path("confidence").asDouble())
          .isLessThan(darker.path("confidence").asDouble());
    }
  }

  private void assertOnlyForReview(String key, String suggestion) throws Exception {
    RunningProduct.await(() -> product.exists("results", "for-review/" + key));
    RunningProduct.await(() -> !product.exists("results", "by-label/" + suggestion + "/" + key));
  }

  @Test
  void leavesItsPigeonholeWhenANewerModelDoesNotKnowItAndComesBack() throws Exception {
    String key = "unknown/filled back.png";
    try (BrightUnknown none = new BrightUnknown(product, 1, folder)) {
      product.upload(key, WHITE);
      JsonNode first = product.awaitResult(key);
      assertThat(first.at("/model/version").asString())
          .isEqualTo(none.manifest().version().value());
      String label = first.path("label").asString();
      assertThat(product.exists("results", "by-label/" + label + "/" + key)).isTrue();
      assertThat(product.tags(key)).containsKeys("label", "confidence");
      try (BrightUnknown bright = new BrightUnknown(product, LEVEL, other)) {
        fillBack("unknown/filled");
        JsonNode unknown = product.awaitResult(key);
        assertThat(unknown.path("reason").asString()).isEqualTo("unknown");
        assertThat(unknown.at("/model/version").asString())
            .isEqualTo(bright.manifest().version().value());
        assertThat(product.tags(key)).containsOnlyKeys("review", "model");
        assertOnlyForReview(key, label);
      }
      fillBack("unknown/filled");
      JsonNode known = product.awaitResult(key);
      assertThat(known.path("reason").asString("")).isNotEqualTo("unknown");
      assertThat(product.tags(key)).containsOnlyKeys("label", "confidence", "model");
      assertThat(product.exists("results", "by-label/" + label + "/" + key)).isTrue();
    }
  }

  private void fillBack(String prefix) throws Exception {
    Ended filled = new CommandLine(product, folder).run("backfill", prefix);
    assertThat(filled.exit()).as(filled.err()).isZero();
    assertThat(filled.out()).contains("done: 1 labeled");
  }

  @Test
  void isNoneOfTheLabelsIfAPersonSaysSo() throws Exception {
    String key = "unknown/none.png";
    try (BrightUnknown bright = new BrightUnknown(product, LEVEL, folder)) {
      product.upload(key, WHITE);
      JsonNode unknown = product.awaitResult(key);
      assertThat(unknown.at("/model/version").asString())
          .isEqualTo(bright.manifest().version().value());
      String suggestion = unknown.path("label").asString();
      HttpResponse<String> said = put(key, "{\"none\":true}");
      assertThat(said.statusCode()).as(said.body()).isEqualTo(200);
      assertNone(key, suggestion);
      String at = product.awaitResult(key).at("/correction/at").asString();
      put(key, "{\"none\":true}");
      assertThat(product.awaitResult(key).at("/correction/at").asString()).isEqualTo(at);
    }
    // by the model of before
    product.upload(key, WHITE);
    RunningProduct.await(
        () ->
            product
                .awaitResult(key)
                .at("/model/version")
                .asString()
                .equals(product.classify(WHITE).at("/model/version").asString()));
    assertNone(key, product.awaitResult(key).at("/predictions/0/label").asString());
    assertThat(put(key, "{\"label\":\"snow\"}").statusCode()).isEqualTo(200);
    assertThat(product.awaitResult(key).at("/correction/label").asString()).isEqualTo("snow");
    assertThat(product.tags(key)).containsEntry("label", "snow").doesNotContainKey("review");
    assertThat(product.exists("results", "by-label/snow/" + key)).isTrue();
    assertThat(put(key, "{\"none\":true}").statusCode()).isEqualTo(200);
    assertNone(key, "snow");
  }

  private void assertNone(String key, String label) throws Exception {
    JsonNode result = product.awaitResult(key);
    assertThat(result.has("label")).isFalse();
    assertThat(result.path("review").asBoolean()).isFalse();
    assertThat(result.at("/correction/none").asBoolean()).isTrue();
    RunningProduct.await(() -> product.tags(key).keySet().equals(Set.of("model")));
    RunningProduct.await(() -> !product.exists("results", "by-label/" + label + "/" + key));
    assertThat(product.exists("results", "for-review/" + key)).isFalse();
    assertThat(product.exists("results", "corrected/" + key)).isTrue();
    assertThat(product.get("/corrections?limit=200").body()).contains(key);
  }

  @Test
  void isOneOrTheOther() throws Exception {
    String key = "unknown/either.png";
    product.upload(key, Scenes.png("ship"));
    product.awaitResult(key);
    for (String json :
        List.of(
            "{}",
            "{\"none\":false}",
            "{\"none\":\"true\"}",
            "{\"none\":true,\"label\":\"ship\"}",
            "{\"none\":false,\"label\":\"ship\"}")) {
      HttpResponse<String> said = put(key, json);
      assertThat(said.statusCode()).as(json).isEqualTo(400);
      assertThat(said.body()).contains("none");
    }
    assertThat(product.awaitResult(key).has("correction")).isFalse();
  }

  @Test
  void isToldApartOnTheCommandLine() throws Exception {
    try (BrightUnknown bright = new BrightUnknown(product, LEVEL, folder)) {
      Files.write(folder.resolve("manifest.json"), bright.manifest().toJson());
      String image = Files.write(other.resolve("white.png"), WHITE).toString();
      CommandLine commands = new CommandLine(product, other);
      assertThat(commands.run("label", image).out()).endsWith("\t0.00\treview: unknown\n");
      assertThat(commands.run("label", "--model", folder.toString(), image).out())
          .endsWith("\t0.00\treview: unknown\n");
      JsonNode local =
          RunningProduct.JSON.readTree(
              commands.run("label", "--json", "--model", folder.toString(), image).out());
      assertThat(local.path("reason").asString()).isEqualTo("unknown");
      assertThat(local.path("novelty").asDouble()).isEqualTo(1);
      List<String> jar = List.of("-jar", "trainer.jar");
      assertThat(commands.runAsBefore(jar, "predict", folder.toString(), image).out())
          .contains(" 0.0%", "(for review: unknown)");
      product.upload("unknown/shell.png", WHITE);
      product.awaitResult("unknown/shell.png");
      assertThat(commands.run("review").out()).containsPattern("shell.png\t.*\treview: unknown");
      Ended none = commands.run("correct", "unknown/shell.png", "--none");
      assertThat(none.exit()).as(none.err()).isZero();
      assertThat(none.out()).isEqualTo("unknown/shell.png\t(none of the labels)\n");
      assertThat(commands.run("correct", "unknown/shell.png").exit()).isEqualTo(2);
    }
  }

  private HttpResponse<String> put(String key, String json) throws Exception {
    return product.put(
        "/images/" + RunningProduct.encoded(key) + "/label",
        "application/json",
        json.getBytes(UTF_8));
  }
}
