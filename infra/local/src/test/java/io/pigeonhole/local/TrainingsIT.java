package io.pigeonhole.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** Trainings are started and followed through the API; the job is the packaged trainer. */
@ExtendWith(RunningProduct.Shared.class)
class TrainingsIT {
  private final RunningProduct product;

  TrainingsIT(RunningProduct product) {
    this.product = product;
  }

  @Test
  void startsATrainingAndTellsWhatBecomesOfIt() throws Exception {
    // there is nothing to learn from: the trainer says so
    String body = "{\"recipe\":\"tutorial\",\"data\":\"s3://dataset/nothing/\"}";
    HttpResponse<String> started =
        product.post("/trainings", "application/json", body.getBytes(UTF_8));
    assertThat(started.statusCode()).as(started.body()).isEqualTo(202);
    String id = RunningProduct.JSON.readTree(started.body()).path("id").asString();
    RunningProduct.await(() -> newest().path("status").asString().equals("FAILED"));
    JsonNode ended = newest();
    assertThat(ended.path("id").asString()).isEqualTo(id);
    assertThat(ended.path("recipe").asString()).isEqualTo("tutorial");
    assertThat(ended.path("reason").asString()).startsWith("trainer: ");
    assertThat(ended.has("startedAt")).isTrue();
    assertThat(ended.has("stoppedAt")).isTrue();
  }

  @Test
  void refusesWhatCannotBeTrained() throws Exception {
    HttpResponse<String> refused =
        product.post("/trainings", "application/json", "{\"recipe\":\"no\"}".getBytes(UTF_8));
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.headers().firstValue("content-type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
  }

  private JsonNode newest() throws IOException, InterruptedException {
    return RunningProduct.JSON.readTree(product.get("/trainings").body()).path("trainings").path(0);
  }
}
