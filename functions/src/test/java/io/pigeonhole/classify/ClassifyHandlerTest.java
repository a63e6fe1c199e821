package io.pigeonhole.classify;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pigeonhole.image.ImageDecoder;
import io.pigeonhole.image.ImageLimits;
import io.pigeonhole.inference.ColorModel;
import io.pigeonhole.inference.ModelInService;
import io.pigeonhole.inference.TensorFlowEngine;
import io.pigeonhole.model.FolderModelStore;
import io.pigeonhole.model.Manifest;
import io.pigeonhole.model.ModelRepository;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

class ClassifyHandlerTest {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_PROPERTIES)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();
  private static final long MAX_BYTES = 100_000;

  @TempDir Path bucket;

  private Manifest manifest;
  private ModelInService models;
  private ImageDecoder decoder;
  private S3Client unreachable;
  private ClassifyHandler handler;

  @BeforeEach
  void serve() throws Exception {
    manifest = new ColorModel(bucket).standard();
    ModelRepository repository = new ModelRepository(new FolderModelStore(bucket), manifest.name());
    models = new ModelInService(repository, new TensorFlowEngine(), Duration.ofMinutes(1));
    decoder = new ImageDecoder(new ImageLimits(MAX_BYTES, 1_000_000));
    unreachable =
        S3Client.builder()
            .endpointOverride(URI.create("http://127.0.0.1:1"))
            .forcePathStyle(true)
            .region(Region.US_EAST_1)
            .credentialsProvider(AnonymousCredentialsProvider.create())
            .overrideConfiguration(o -> o.retryStrategy(r -> r.maxAttempts(1)))
            .build();
    handler =
        new ClassifyHandler(
            ClassifyWiring.routes(
                models,
                decoder,
                repository,
                new ImageSource(unreachable, "images", MAX_BYTES),
                new ImageSource(unreachable, "results", MAX_BYTES)));
  }

  @AfterEach
  void stop() {
    models.close();
    decoder.close();
    unreachable.close();
  }

  @Test
  void classifiesTheImageInTheBody() throws Exception {
    JsonNode answer = answered(200, handle(sample("classify-post.json")));
    assertThat(answer.path("label").asText()).isEqualTo("blue");
    assertThat(answer.path("confidence").asDouble()).isBetween(0.33, 1.0);
    assertThat(answer.path("review").isBoolean()).isTrue();
    assertThat(answer.path("predictions")).hasSize(3);
    assertThat(answer.at("/model/version").asText()).isEqualTo(manifest.version().value());
  }

  @Test
  void tellsAsManyPredictionsAsAskedFor() throws Exception {
    ObjectNode event = sample("classify-post.json");
    event.putObject("queryStringParameters").put("top", "1");
    assertThat(answered(200, handle(event)).path("predictions")).hasSize(1);
    for (String top : List.of("0", "4", "x", "")) {
      event.putObject("queryStringParameters").put("top", top);
      assertThat(problem(400, handle(event)).path("detail").asText()).contains("1 to 3");
    }
  }

  @Test
  void takesWhatCurlCallsAFormForAnImage() throws Exception {
    ObjectNode event = sample("classify-post.json");
    header(event, "content-type", "application/x-www-form-urlencoded");
    answered(200, handle(event));
    ((ObjectNode) event.path("headers")).remove("content-type");
    answered(200, handle(event));
  }

  @Test
  void listsTheVersionsOfTheModel() throws Exception {
    JsonNode answer = answered(200, handle(sample("classify-get-models.json")));
    assertThat(answer.path("inService").asText()).isEqualTo(manifest.version().value());
    assertThat(answer.at("/versions/0/version").asText()).isEqualTo(manifest.version().value());
    assertThat(answer.at("/versions/0/metrics/accuracy").asDouble()).isEqualTo(0.9);
    assertThat(answer.has("loaded")).isFalse();
    handle(sample("classify-post.json"));
    assertThat(answered(200, handle(sample("classify-get-models.json"))).path("loaded").asText())
        .isEqualTo(manifest.version().value());
  }

  @Test
  void saysWhyAnImageCannotBeClassified() throws Exception {
    assertThat(problem(400, post("image/jpeg", "hello")).path("code").asText())
        .isEqualTo("not-an-image");
    assertThat(problem(400, post("image/jpeg", "")).path("code").asText()).isEqualTo("empty");
    String large = "x".repeat((int) MAX_BYTES + 1);
    assertThat(problem(413, post("image/jpeg", large)).path("code").asText())
        .isEqualTo("too-large");
    problem(415, post("text/html", "<p>"));
  }

  @Test
  void saysWhatIsWrongWithARequest() throws Exception {
    problem(400, post("application/json", "{"));
    problem(400, post("application/json", "{\"key\":1}"));
    ObjectNode event = sample("classify-post.json");
    problem(400, handle(event.put("body", "%%%")));
    problem(404, handle(sample("classify-get-models.json").put("rawPath", "/nowhere")));
    problem(400, handle(sample("classify-get-image.json").put("rawPath", "/images/%zz")));
  }

  @Test
  void namesTheMethodsOfAPath() throws Exception {
    APIGatewayV2HTTPResponse response =
        handle(sample("classify-get-models.json").put("rawPath", "/classify"));
    problem(405, response);
    assertThat(response.getHeaders()).containsEntry("Allow", "POST");
  }

  @Test
  void asksToTryAgainWhileABucketDoesNotAnswer() throws Exception {
    for (APIGatewayV2HTTPResponse response :
        List.of(
            handle(sample("classify-get-image.json")),
            post("application/json", "{\"key\":\"a.jpg\"}"))) {
      problem(503, response);
      assertThat(response.getHeaders()).containsKey("Retry-After");
      assertThat(response.getBody()).doesNotContain("127.0.0.1");
    }
  }

  @Test
  void asksToTryAgainWhileThereIsNoModel() throws Exception {
    Files.delete(bucket.resolve("models/colors/current.json"));
    APIGatewayV2HTTPResponse response = handle(sample("classify-post.json"));
    assertThat(problem(503, response).path("detail").asText()).contains("no model is in service");
    assertThat(response.getHeaders()).containsKey("Retry-After");
  }

  private APIGatewayV2HTTPResponse post(String type, String body) throws Exception {
    ObjectNode event = sample("classify-post.json");
    header(event, "content-type", type);
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return handle(event.put("body", Base64.getEncoder().encodeToString(bytes)));
  }

  private APIGatewayV2HTTPResponse handle(ObjectNode event) throws Exception {
    return handler.handleRequest(
        JSON.treeToValue(event, APIGatewayV2HTTPEvent.class), new Invocation());
  }

  private static void header(ObjectNode event, String name, String value) {
    ((ObjectNode) event.path("headers")).put(name, value);
  }

  private static JsonNode answered(int status, APIGatewayV2HTTPResponse response) throws Exception {
    assertThat(response.getStatusCode()).as(response.getBody()).isEqualTo(status);
    return JSON.readTree(response.getBody());
  }

  private static JsonNode problem(int status, APIGatewayV2HTTPResponse response) throws Exception {
    JsonNode problem = answered(status, response);
    assertThat(response.getHeaders()).containsEntry("Content-Type", "application/problem+json");
    assertThat(problem.path("status").asInt()).isEqualTo(status);
    assertThat(problem.path("title").asText()).isNotEmpty();
    assertThat(problem.path("detail").asText()).isNotEmpty();
    return problem;
  }

  private static ObjectNode sample(String name) throws Exception {
    return (ObjectNode) JSON.readTree(Path.of(System.getProperty("events"), name).toFile());
  }
}
