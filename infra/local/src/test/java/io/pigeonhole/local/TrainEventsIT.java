package io.pigeonhole.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import io.pigeonhole.local.lambda.LambdaFunction;
import io.pigeonhole.local.lambda.Outcome;
import io.pigeonhole.local.s3.LocalS3;
import io.pigeonhole.testkit.HttpStub;
import io.pigeonhole.testkit.SampleEvents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What starts trainings, fed to the packaged function as schedules and the API send it. */
class TrainEventsIT {
  private static final JsonMapper JSON = JsonMapper.shared();

  @TempDir private static Path data;
  private static final List<ObjectNode> SUBMITTED = Collections.synchronizedList(new ArrayList<>());
  @AutoClose private static final HttpStub BATCH = new HttpStub(TrainEventsIT::answer);
  @AutoClose private static LocalS3 s3;
  @AutoClose private static LambdaFunction train;

  @BeforeAll
  static void start() throws Exception {
    s3 = new LocalS3(data, Buckets.ALL, created -> {});
    Settings settings = RunningProduct.settings(data);
    train =
        new Functions(settings.functions(), settings.model(), System.out::println)
            .train(s3.endpoint(), BATCH.uri(), Files.createDirectories(data.resolve("tmp")));
    train.start();
  }

  /** AWS Batch, whose jobs are done as soon as they are submitted. */
  private static void answer(HttpExchange exchange) throws IOException {
    JsonNode request = JSON.readTree(exchange.getRequestBody().readAllBytes());
    ObjectNode answer = JSON.createObjectNode();
    switch (exchange.getRequestURI().getPath()) {
      case "/v1/submitjob" -> {
        String id = "job-" + SUBMITTED.size();
        SUBMITTED.add((ObjectNode) request);
        answer.put("jobId", id).set("jobName", request.path("jobName"));
      }
      case "/v1/listjobs" ->
          jobs(request.at("/filters/0/values/0").asString())
              .forEach(answer.putArray("jobSummaryList")::add);
      default -> jobs("*").forEach(answer.putArray("jobs")::add);
    }
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    HttpStub.send(exchange, 200, JSON.writeValueAsBytes(answer));
  }

  private static Stream<ObjectNode> jobs(String name) {
    List<ObjectNode> jobs = new ArrayList<>();
    for (int i = 0; i < SUBMITTED.size(); i++) {
      ObjectNode job = JSON.createObjectNode().put("jobId", "job-" + i).put("createdAt", i);
      job.put("status", "SUCCEEDED").put("jobQueue", "local").put("jobDefinition", "trainer");
      job.set("jobName", SUBMITTED.get(i).path("jobName"));
      job.set("parameters", SUBMITTED.get(i).path("parameters"));
      jobs.add(job);
    }
    return jobs.stream()
        .filter(job -> name.endsWith("*") || job.path("jobName").asString().equals(name));
  }

  @ParameterizedTest
  @CsvSource({
    "scheduler-default.json, fast, ''",
    "scheduler-train.json, fast, ''",
    "scheduler-train-base.json, transfer, s3://dataset/photos/",
    "train-post.json, tutorial, ''"
  })
  void submitsATraining(String sample, String recipe, String images) throws Exception {
    int before = SUBMITTED.size();
    Outcome outcome = train.invoke(SampleEvents.text(sample).getBytes(UTF_8)).get();
    assertThat(outcome).as("%s", outcome).isInstanceOf(Outcome.Responded.class);
    JsonNode answer = JSON.readTree(((Outcome.Responded) outcome).payload());
    assertThat(SUBMITTED).as("%s", answer).hasSize(before + 1);
    JsonNode command = SUBMITTED.get(before).at("/containerOverrides/command");
    List<String> words = command.valueStream().map(JsonNode::asString).toList();
    assertThat(words).containsSubsequence("train", "--recipe", recipe);
    if (images.isEmpty()) {
      assertThat(words).doesNotContain("--data");
    } else {
      assertThat(words).containsSubsequence("--data", images);
    }
  }
}
