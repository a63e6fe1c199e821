package io.pigeonhole.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pigeonhole.api.Access;
import io.pigeonhole.api.Origins;
import io.pigeonhole.aws.NativeHttpClient;
import io.pigeonhole.model.FolderModelStore;
import io.pigeonhole.testkit.Invocation;
import io.pigeonhole.testkit.SampleEvents;
import io.pigeonhole.testkit.SetClock;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.batch.BatchClient;

class TrainHandlerTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir Path bucket;

  private final SetClock clock = new SetClock();
  private BatchServer server;
  private BatchClient batch;
  private TrainHandler handler;

  @BeforeEach
  void start() throws IOException {
    server = new BatchServer();
    batch =
        BatchClient.builder()
            .httpClientBuilder(NativeHttpClient.builder())
            .endpointOverride(server.endpoint())
            .region(Region.US_EAST_1)
            .credentialsProvider(AnonymousCredentialsProvider.create())
            .overrideConfiguration(o -> o.retryStrategy(r -> r.maxAttempts(1)))
            .build();
    TrainingRequest.Limits limits =
        new TrainingRequest.Limits(
            Set.of("fast", "tutorial", "transfer"),
            new Bases(new FolderModelStore(bucket), Set.of("mobilenet-v2")),
            "dataset",
            "flowers");
    TrainingJobs jobs = new TrainingJobs(batch, "queue", "definition", "models", "results");
    Trainings trainings = new Trainings(new Slot(new FolderModelStore(bucket)), jobs, clock);
    handler =
        new TrainHandler(
            trainings,
            limits,
            TrainWiring.api(trainings, limits, new Origins(Set.of()), Access.ofEverybody()));
  }

  @AfterEach
  void stop() {
    batch.close();
    server.close();
  }

  @Test
  void submitsWhatTheScheduleAsksFor() throws Exception {
    JsonNode answer = invoke(SampleEvents.text("scheduler-train.json"));
    assertThat(answer.path("started").asBoolean()).isTrue();
    assertThat(answer.at("/training/status").asText()).isEqualTo("SUBMITTED");
    assertThat(answer.at("/training/id").asText()).isNotEmpty();
    JsonNode job = server.submitted().get(0);
    assertThat(job.path("jobQueue").asText()).isEqualTo("queue");
    assertThat(job.path("jobDefinition").asText()).isEqualTo("definition");
    assertThat(job.path("jobName").asText()).matches("training-\\d{8}T\\d{6}Z-[0-9a-f]{8}");
    assertThat(texts(job.at("/containerOverrides/command")))
        .containsExactly(
            "train",
            "--recipe",
            "fast",
            "--name",
            "cifar10",
            "--out",
            "s3://models",
            "--corrections",
            "s3://results");
  }

  @Test
  void takesWhatIsNotSaidFromTheDefaults() throws Exception {
    JsonNode training = invoke("{}").path("training");
    assertThat(training.path("recipe").asText()).isEqualTo("fast");
    assertThat(training.path("data").asText()).isEqualTo("cifar10");
    assertThat(training.path("name").asText()).isEqualTo("flowers");
  }

  @Test
  void takesAScheduledEventWithoutAnInputForTheDefaults() throws Exception {
    String event = SampleEvents.text("scheduler-default.json");
    assertThat(invoke(event).at("/training/name").asText()).isEqualTo("flowers");
  }

  @Test
  void handsAPartOfTheDataSetBucketToTheTrainer() throws Exception {
    invoke("{\"data\":\"s3://dataset/flowers/\"}");
    assertThat(texts(server.submitted().get(0).at("/containerOverrides/command")))
        .endsWith("--data", "s3://dataset/flowers/");
  }

  @Test
  void beginsWithTheBaseThatTheScheduleNames() throws Exception {
    JsonNode training = invoke(SampleEvents.text("scheduler-train-base.json")).path("training");
    assertThat(training.path("recipe").asText()).isEqualTo("transfer");
    assertThat(training.path("base").asText()).isEqualTo("mobilenet-v2");
    assertThat(texts(server.submitted().get(0).at("/containerOverrides/command")))
        .containsSequence("--recipe", "transfer")
        .containsSequence("--base", "mobilenet-v2")
        .endsWith("--data", "s3://dataset/photos/");
  }

  @Test
  void takesTheRecipeTransferWhenOnlyABaseIsNamed() throws Exception {
    JsonNode first = invoke("{\"base\":\"mobilenet-v2\"}");
    assertThat(first.at("/training/recipe").asText()).isEqualTo("transfer");
    server.put(first.at("/training/id").asText(), "RUNNING", "", 0);
    JsonNode told = invoke("{}").path("training");
    assertThat(told.path("recipe").asText()).isEqualTo("transfer");
    assertThat(told.path("base").asText()).isEqualTo("mobilenet-v2");
  }

  @Test
  void beginsWithABaseThatTheModelsBucketKeeps() throws Exception {
    put("bases/birds/saved_model.pb");
    String request = "{\"base\":\"birds\"}";
    assertThatThrownBy(() -> invoke(request)).hasMessageContaining("and is 'birds'");
    put("bases/birds/base.json");
    assertThat(invoke(request).at("/training/base").asText()).isEqualTo("birds");
  }

  private void put(String key) throws IOException {
    Path file = bucket.resolve(key);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "{}");
  }

  @Test
  void answersWithTheTrainingThatRunsInsteadOfStartingAnother() throws Exception {
    JsonNode first = invoke("{}");
    server.put(first.at("/training/id").asText(), "RUNNING", "", 0);
    JsonNode second = invoke("{\"recipe\":\"tutorial\"}");
    assertThat(second.path("started").asBoolean()).isFalse();
    assertThat(second.at("/training/id")).isEqualTo(first.at("/training/id"));
    assertThat(second.at("/training/status").asText()).isEqualTo("RUNNING");
    assertThat(second.at("/training/recipe").asText()).isEqualTo("fast");
    assertThat(second.path("training").has("base")).isFalse();
    assertThat(server.submitted()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"SUCCEEDED, 0", "FAILED, 1"})
  void startsTheNextWhenOneHasEnded(String status, int exitCode) throws Exception {
    server.put(invoke("{}").at("/training/id").asText(), status, "", exitCode);
    assertThat(invoke("{}").path("started").asBoolean()).isTrue();
    assertThat(server.submitted()).hasSize(2);
  }

  @Test
  void startsOneHoweverManyAskAtOnce() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    Callable<JsonNode> ask = () -> invoke("{}");
    List<Future<JsonNode>> answers =
        threads.invokeAll(IntStream.range(0, 8).mapToObj(i -> ask).toList());
    int started = 0;
    for (Future<JsonNode> answer : answers) {
      try {
        started += answer.get().path("started").asBoolean() ? 1 : 0;
      } catch (java.util.concurrent.ExecutionException e) {
        assertThat(e).hasMessageContaining("somebody else is about to start a training");
      }
    }
    threads.shutdown();
    assertThat(started).isEqualTo(1);
    assertThat(server.submitted()).hasSize(1);
  }

  @Test
  void findsTheJobAgainWhoseAnswerWasLost() throws Exception {
    server.loseAnswers(true);
    assertThatThrownBy(() -> invoke("{}")).isInstanceOf(SdkException.class);
    server.loseAnswers(false);
    JsonNode answer = invoke("{}");
    assertThat(answer.path("started").asBoolean()).isFalse();
    assertThat(answer.at("/training/status").asText()).isEqualTo("SUBMITTED");
    assertThat(server.submitted()).hasSize(1);
  }

  @Test
  void triesAgainAtOnceWhatWasRefused() throws Exception {
    server.refuse(400);
    assertThatThrownBy(() -> invoke("{}")).isInstanceOf(SdkException.class);
    server.refuse(0);
    assertThat(invoke("{}").path("started").asBoolean()).isTrue();
  }

  @Test
  void takesOverFromSomebodyWhoDiedBeforeSubmitting() throws Exception {
    server.refuse(500);
    assertThatThrownBy(() -> invoke("{}")).isInstanceOf(SdkException.class);
    server.refuse(0);
    assertThatThrownBy(() -> invoke("{}")).hasMessageContaining("somebody else");
    clock.advance(Duration.ofMinutes(3));
    assertThat(invoke("{}").path("started").asBoolean()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"recipe\":\"slow\"} | recipe must be one of",
        "{\"recipe\":7} | recipe must be text, and is 7",
        "{\"recipe\":\"transfer\"} | transfer, which needs a base: add \"base\", such as",
        "{\"recipe\":\"fast\",\"base\":\"mobilenet-v2\"} | recipe must be transfer or fine-tune with a base",
        "{\"base\":\"../x\"} | base must be the name of a base, such as mobilenet-v2",
        "{\"base\":\"vgg-16\"} | base must be one of [mobilenet-v2] or one of those in the",
        "{\"base\":[]} | base must be text, and is []",
        "{\"data\":\"s3://elsewhere/x\"} | data must be cifar10 or s3://dataset/",
        "{\"data\":\"/etc/passwd\"} | and is '/etc/passwd'",
        "{\"name\":\"../x\"} | name must be the name of a model",
        "{\"epochs\":3} | epochs is not known; there are recipe, base, data, name",
      })
  void saysWhatIsWrongWithARequest(String request, String message) {
    assertThatThrownBy(() -> invoke(request))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(message);
    assertThat(server.submitted()).isEmpty();
  }

  @Test
  void startsATrainingForTheApi() throws Exception {
    JsonNode started = invoke(SampleEvents.text("train-post.json"));
    assertThat(started.path("statusCode").asInt()).isEqualTo(202);
    JsonNode again = invoke(SampleEvents.text("train-post.json"));
    assertThat(again.path("statusCode").asInt()).isEqualTo(200);
    assertThat(body(again).path("id")).isEqualTo(body(started).path("id"));
    assertThat(body(again).path("recipe").asText()).isEqualTo("tutorial");
  }

  @Test
  void tellsTheApiWhatIsWrong() throws Exception {
    ObjectNode event = (ObjectNode) JSON.readTree(SampleEvents.text("train-post.json"));
    event.put("body", "{\"recipe\":\"slow\"}").put("isBase64Encoded", false);
    JsonNode answer = invoke(event.toString());
    assertThat(answer.path("statusCode").asInt()).isEqualTo(400);
    assertThat(body(answer).path("detail").asText()).contains("recipe must be one of");
    server.refuse(503);
    assertThat(invoke(SampleEvents.text("train-post.json")).path("statusCode").asInt())
        .isEqualTo(503);
  }

  @Test
  void listsTheTrainingsForTheApi() throws Exception {
    String first = invoke("{}").at("/training/id").asText();
    server.put(first, "FAILED", "Essential container in task exited", 3);
    String second = invoke("{\"recipe\":\"tutorial\"}").at("/training/id").asText();
    ObjectNode event = (ObjectNode) JSON.readTree(SampleEvents.text("train-post.json"));
    ((ObjectNode) event.at("/requestContext/http")).put("method", "GET");
    JsonNode trainings = body(invoke(event.without("body").toString())).path("trainings");
    assertThat(trainings).hasSize(2);
    assertThat(trainings.at("/0/id").asText()).isEqualTo(second);
    assertThat(trainings.at("/0/recipe").asText()).isEqualTo("tutorial");
    assertThat(trainings.at("/1/status").asText()).isEqualTo("FAILED");
    assertThat(trainings.at("/1/reason").asText()).contains("not good enough");
  }

  private JsonNode invoke(String event) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    handler.handleRequest(
        new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)), out, new Invocation());
    return JSON.readTree(out.toByteArray());
  }

  private static JsonNode body(JsonNode answer) throws IOException {
    return JSON.readTree(answer.path("body").asText());
  }

  private static List<String> texts(JsonNode array) {
    return new ArrayList<>(
        StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList());
  }
}
