package io.pigeonhole.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import tools.jackson.databind.JsonNode;

/**
 * Trainings are started and followed through the API; the job is the packaged trainer. It learns
 * from all corrections, and so has a product of its own.
 */
class TrainingsIT {
  @TempDir private static Path data;
  @AutoClose private static RunningProduct product;

  @BeforeAll
  static void start() throws Exception {
    product = new RunningProduct(data);
  }

  @Test
  void startsATrainingAndTellsWhatBecomesOfIt() throws Exception {
    // there is nothing to learn from: the trainer says so
    String body = "{\"recipe\":\"tutorial\",\"data\":\"s3://dataset/nothing/\"}";
    HttpResponse<String> started = started(body);
    Described described = new Described(product.get("/openapi.json").body());
    described.check(started);
    described.check(product.get("/trainings"));
    String id = RunningProduct.JSON.readTree(started.body()).path("id").asString();
    RunningProduct.await(() -> newest().path("status").asString().equals("FAILED"));
    JsonNode ended = newest();
    assertThat(ended.path("id").asString()).isEqualTo(id);
    assertThat(ended.path("recipe").asString()).isEqualTo("tutorial");
    assertThat(ended.path("reason").asString()).startsWith("pigeonhole: ");
    assertThat(ended.has("startedAt")).isTrue();
    assertThat(ended.has("stoppedAt")).isTrue();
  }

  @Test
  void learnsAFolderOfClassesAndWhatAPersonSaid() throws Exception {
    putVehicles();
    for (int i = 0; i < 12; i++) {
      String key = "learned/" + i + ".jpg";
      product.upload(key, Scenes.jpeg("frog"));
      product.awaitResult(key);
      String label = "/images/learned%2F" + i + ".jpg/label";
      byte[] correction = "{\"label\":\"toad\"}".getBytes(UTF_8);
      assertThat(product.put(label, "application/json", correction).statusCode()).isEqualTo(200);
    }
    String body =
        "{\"recipe\":\"tutorial\",\"data\":\"s3://dataset/vehicles/\",\"name\":\"vehicles\"}";
    started(body);
    RunningProduct.await(() -> newest().has("stoppedAt"));
    assertThat(newest().path("status").asString()).as("%s", newest()).isEqualTo("SUCCEEDED");
    byte[] pointer =
        product
            .s3()
            .getObjectAsBytes(get -> get.bucket("models").key("models/vehicles/current.json"))
            .asByteArray();
    assertThat(RunningProduct.JSON.readTree(pointer).path("classes").valueStream())
        .extracting(JsonNode::asString)
        .containsExactly("ship", "toad", "truck");
  }

  @Test
  void handsABaseOfTheModelsBucketToTheTrainer() throws Exception {
    putVehicles();
    put("models", "bases/broken/base.json", "{}".getBytes(UTF_8));
    String body = "{\"base\":\"broken\",\"data\":\"s3://dataset/vehicles/\",\"name\":\"vehicles\"}";
    HttpResponse<String> started = started(body);
    Described described = new Described(product.get("/openapi.json").body());
    described.check(started);
    described.check(product.get("/trainings"));
    RunningProduct.await(() -> newest().has("stoppedAt"));
    assertThat(newest().path("status").asString()).isEqualTo("FAILED");
    assertThat(newest().path("recipe").asString()).isEqualTo("transfer");
    assertThat(newest().path("base").asString()).isEqualTo("broken");
  }

  private static HttpResponse<String> started(String body) throws Exception {
    HttpResponse<String> started =
        product.post("/trainings", "application/json", body.getBytes(UTF_8));
    assertThat(started.statusCode()).as(started.body()).isEqualTo(202);
    return started;
  }

  private static void putVehicles() {
    for (String label : List.of("ship", "truck")) {
      byte[] image = Scenes.jpeg(label);
      for (int i = 0; i < 60; i++) {
        put("dataset", "vehicles/" + label + "/" + i + ".jpg", image);
      }
    }
  }

  private static void put(String bucket, String key, byte[] bytes) {
    product.s3().putObject(put -> put.bucket(bucket).key(key), RequestBody.fromBytes(bytes));
  }

  @Test
  void refusesWhatCannotBeTrained() throws Exception {
    HttpResponse<String> refused =
        product.post("/trainings", "application/json", "{\"recipe\":\"no\"}".getBytes(UTF_8));
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.headers().firstValue("content-type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
  }

  private static JsonNode newest() throws IOException, InterruptedException {
    return RunningProduct.JSON.readTree(product.get("/trainings").body()).path("trainings").path(0);
  }
}
