package io.pigeonhole.classify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pigeonhole.api.Access;
import io.pigeonhole.api.Api;
import io.pigeonhole.api.Level;
import io.pigeonhole.api.Operation;
import io.pigeonhole.api.Origins;
import io.pigeonhole.api.SignIn;
import io.pigeonhole.config.Outputs;
import io.pigeonhole.image.ImageDecoder;
import io.pigeonhole.image.ImageLimits;
import io.pigeonhole.inference.ColorModel;
import io.pigeonhole.inference.ModelInService;
import io.pigeonhole.inference.TensorFlowEngine;
import io.pigeonhole.metrics.InvocationMetrics;
import io.pigeonhole.metrics.Stopwatch;
import io.pigeonhole.model.FolderModelStore;
import io.pigeonhole.model.Manifest;
import io.pigeonhole.model.ModelRepository;
import io.pigeonhole.pigeonholes.ImageKeys;
import io.pigeonhole.testkit.HttpStub;
import io.pigeonhole.testkit.Invocation;
import io.pigeonhole.testkit.S3Stub;
import io.pigeonhole.testkit.SampleEvents;
import io.pigeonhole.train.Bases;
import io.pigeonhole.train.ListBases;
import io.pigeonhole.train.TrainingOperations;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.zip.GZIPOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

class ClassifyHandlerTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final long MAX_BYTES = 100_000;
  private static final Instant LATER = Instant.parse("2026-02-01T00:00:00Z");
  private static final URI NOWHERE = URI.create("http://127.0.0.1:1");

  @TempDir Path bucket;

  private Manifest manifest;
  private ModelRepository repository;
  private ModelInService models;
  private ImageDecoder decoder;
  private S3Client unreachable;
  private S3Presigner presigner;
  private ClassifyHandler handler;

  @BeforeEach
  void serve() throws Exception {
    serve(new ColorModel(bucket).standard());
  }

  private void serve(Manifest published) throws Exception {
    if (models != null) {
      stop();
    }
    manifest = published;
    repository = new ModelRepository(new FolderModelStore(bucket), manifest.name());
    models = new ModelInService(repository, new TensorFlowEngine(), Duration.ofMinutes(1), true);
    decoder = new ImageDecoder(new ImageLimits(MAX_BYTES, 1_000_000));
    unreachable = s3(NOWHERE);
    presigner =
        S3Presigner.builder()
            .endpointOverride(NOWHERE)
            .serviceConfiguration(S3Configuration.builder().pathStyleAccessEnabled(true).build())
            .region(Region.US_EAST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret")))
            .build();
    handler = handler(unreachable);
  }

  private static S3Client s3(URI endpoint) {
    return S3Client.builder()
        .endpointOverride(endpoint)
        .forcePathStyle(true)
        .region(Region.US_EAST_1)
        .credentialsProvider(AnonymousCredentialsProvider.create())
        .overrideConfiguration(o -> o.retryStrategy(r -> r.maxAttempts(1)))
        .build();
  }

  private ClassifyHandler handler(S3Client s3) {
    return handler(s3, "");
  }

  private ClassifyHandler handler(S3Client s3, String prefix) {
    return handler(s3, prefix, Outputs.ALL);
  }

  private ClassifyHandler handler(S3Client s3, String prefix, Outputs outputs) {
    Stopwatch stopwatch = new Stopwatch();
    return new ClassifyHandler(
        ClassifyWiring.api(
            ClassifyWiring.operations(
                s3,
                presigner,
                repository,
                models,
                decoder,
                new ClassifyWiring.Buckets(
                    "images", new ImageKeys(prefix), "results", outputs, MAX_BYTES),
                trainings(),
                new SignIn(Level.ADMIN, Optional.empty())),
            new Origins(Set.of("https://photos.example.com")),
            Access.ofEverybody()),
        new InvocationMetrics("Pigeonhole", "classify", models, stopwatch, Clock.systemUTC()),
        stopwatch);
  }

  private List<Operation> trainings() {
    Bases bases = new Bases(new FolderModelStore(bucket), Set.of("mobilenet-v2", "vgg-16"));
    List<Operation> operations =
        new ArrayList<>(TrainingOperations.elsewhere(Set.of("fast", "transfer")));
    operations.add(new ListBases(bases).operation());
    return operations;
  }

  @AfterEach
  void stop() {
    models.close();
    decoder.close();
    unreachable.close();
    presigner.close();
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
  void saysWhyAPersonShouldLook() throws Exception {
    JsonNode known = answered(200, handle(sample("classify-post.json")));
    assertThat(known.path("review").asBoolean()).isFalse();
    assertThat(known.has("reason")).isFalse();
    assertThat(known.has("novelty")).isFalse();
    ObjectNode event = sample("classify-post.json");
    BufferedImage black = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(black, "png", png);
    event.put("body", Base64.getEncoder().encodeToString(png.toByteArray()));
    assertThat(answered(200, handle(event)).path("reason").asText()).isEqualTo("unsure");
    serve(new ColorModel(bucket, LATER).withNovelty(0.25));
    JsonNode unknown = answered(200, handle(sample("classify-post.json")));
    assertThat(unknown.path("label").asText()).isEqualTo("blue");
    assertThat(unknown.path("review").asBoolean()).isTrue();
    assertThat(unknown.path("reason").asText()).isEqualTo("unknown");
    double novelty = unknown.path("novelty").asDouble();
    assertThat(novelty).isBetween(0.25, 1.0);
    assertThat(unknown.path("confidence").asDouble())
        .isEqualTo(known.path("confidence").asDouble() * (1 - novelty) / 0.75, within(1e-4));
  }

  @Test
  void explainsTheSameOfAnUnknownImage() throws Exception {
    ObjectNode event = sample("classify-post.json");
    event.putObject("queryStringParameters").put("explain", "true");
    JsonNode known = answered(200, handle(event));
    serve(new ColorModel(bucket, LATER).withNovelty(0));
    JsonNode unknown = answered(200, handle(event));
    assertThat(unknown.path("reason").asText()).isEqualTo("unknown");
    assertThat(unknown.path("explanation")).isEqualTo(known.path("explanation"));
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
  void takesGzipOffABody() throws Exception {
    ObjectNode event = sample("classify-post.json");
    byte[] image = Base64.getDecoder().decode(event.path("body").asText());
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
      out.write(image);
    }
    header(event, "content-encoding", "gzip");
    event.put("body", Base64.getEncoder().encodeToString(zipped.toByteArray()));
    assertThat(answered(200, handle(event)).path("label").asText()).isEqualTo("blue");
    header(event, "content-encoding", "br");
    JsonNode refused = handle(event);
    assertThat(problem(415, refused).path("detail").asText()).contains("br", "gzip");
    assertThat(refused.at("/headers/Accept-Encoding").asText()).isEqualTo("gzip");
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
    problem(400, handle(sample("classify-get-image.json").put("rawPath", "/images/%ff")));
  }

  @Test
  void namesTheMethodsOfAPath() throws Exception {
    JsonNode response = handle(sample("classify-get-models.json").put("rawPath", "/classify"));
    problem(405, response);
    assertThat(header(response, "Allow")).isEqualTo("OPTIONS, POST");
  }

  @Test
  void asksToTryAgainWhileABucketDoesNotAnswer() throws Exception {
    for (JsonNode response :
        List.of(
            handle(sample("classify-get-image.json")),
            post("application/json", "{\"key\":\"a.jpg\"}"))) {
      problem(503, response);
      assertThat(header(response, "Retry-After")).isNotEmpty();
      assertThat(response.path("body").asText()).doesNotContain("127.0.0.1");
    }
  }

  @Test
  void asksToComeBackLaterWhenABucketTakesNoMoreRequests() throws Exception {
    JsonNode response =
        whileS3Answers(503, "SlowDown", () -> handle(sample("classify-get-image.json")));
    assertThat(problem(429, response).path("detail").asText()).contains("at this rate");
    assertThat(Integer.parseInt(header(response, "Retry-After"))).isPositive();
  }

  @Test
  void saysThatAnImageIsArchived() throws Exception {
    JsonNode response =
        whileS3Answers(
            403, "InvalidObjectState", () -> post("application/json", "{\"key\":\"a.jpg\"}"));
    assertThat(problem(409, response).path("code").asText()).isEqualTo("archived");
  }

  @Test
  void saysWhatItCannotDoWithoutResultsAndWithoutAnIndex() throws Exception {
    handler = handler(unreachable, "", new Outputs(true, Set.of(), false));
    for (String list : List.of("/labels", "/labels/cat", "/review", "/corrections")) {
      JsonNode problem = problem(409, json("GET", list, ""));
      assertThat(problem.path("code").asText()).as(list).isEqualTo("no-index");
      assertThat(problem.path("detail").asText()).contains("PIGEONHOLE_OUTPUTS");
    }
    handler = handler(unreachable, "", new Outputs(false, Outputs.TAGS, false));
    JsonNode problem = problem(409, json("GET", "/images/a.jpg", ""));
    assertThat(problem.path("code").asText()).isEqualTo("no-result");
  }

  private JsonNode whileS3Answers(int status, String code, Callable<JsonNode> request)
      throws Exception {
    try (HttpStub stub = new HttpStub(S3Stub.failing(status, code));
        S3Client s3 = s3(stub.uri())) {
      handler = handler(s3);
      return request.call();
    }
  }

  @Test
  void answersBehindAStageThatHasAName() throws Exception {
    ObjectNode event = sample("classify-get-models.json").put("rawPath", "/prod/models");
    event.withObject("/requestContext").put("stage", "prod");
    answered(200, handle(event));
    assertThat(handle(event.put("rawPath", "/prod/")).path("body").asText()).contains("<html");
    assertThat(handle(event.put("rawPath", "/prod/page/app.js")).path("body").asText())
        .contains("import");
    problem(404, handle(event.put("rawPath", "/production")));
  }

  @Test
  void sendsWhoForgetsTheSlashAfterTheStageToThePage() throws Exception {
    ObjectNode event = sample("classify-get-models.json").put("rawPath", "/prod");
    event.withObject("/requestContext").put("stage", "prod");
    ObjectNode rest = sample("classify-post-rest.json").put("httpMethod", "GET").put("path", "/");
    rest.withObject("/requestContext").put("path", "/prod");
    for (ObjectNode each : List.of(event, rest)) {
      JsonNode response = handle(each);
      assertThat(response.path("statusCode").asInt()).isEqualTo(308);
      URI asked = URI.create("https://api.example.com/prod");
      assertThat(asked.resolve(header(response, "Location")))
          .isEqualTo(URI.create("https://api.example.com/prod/"));
    }
    rest.withObject("/requestContext").put("path", "/prod/");
    assertThat(handle(rest).path("statusCode").asInt()).isEqualTo(200);
  }

  @Test
  void asksToTryAgainWhileThereIsNoModel() throws Exception {
    Files.delete(bucket.resolve("models/colors/current.json"));
    JsonNode response = handle(sample("classify-post.json"));
    assertThat(problem(503, response).path("detail").asText()).contains("no model is in service");
    assertThat(header(response, "Retry-After")).isNotEmpty();
  }

  @Test
  void takesTheFirstFileOfAForm() throws Exception {
    byte[] image = Base64.getDecoder().decode(sample("classify-post.json").path("body").asText());
    byte[] form = form(image);
    String type = "multipart/form-data; boundary=b";
    assertThat(answered(200, post(type, form)).path("label").asText()).isEqualTo("blue");
    assertThat(answered(200, post(type, unfilledBefore(form))).path("label").asText())
        .isEqualTo("blue");
    problem(400, post("multipart/form-data", form));
    problem(400, post(type, "--b--\r\n".getBytes(UTF_8)));
    problem(400, post(type, "--b\r\nno headers, no end".getBytes(UTF_8)));
  }

  @Test
  void knowsAFileOfAFormByItsParameterAndNotByWordsElsewhere() throws Exception {
    String text = "Content-Disposition: form-data; name=\"filename\"";
    String image = "Content-Disposition: form-data;\r\n name=\"image\";\r\n\tfilename=\"a.png\"";
    JsonNode answer = post("multipart/form-data; boundary=b", form(image(), text, image));
    assertThat(answered(200, answer).path("label").asText()).isEqualTo("blue");
    String starred = "Content-Disposition: form-data; name=i; filename*=UTF-8''a%20b.png";
    answered(200, post("multipart/form-data; boundary=b", form(image(), text, starred)));
  }

  @Test
  void takesAFileOfAFormInBase64() throws Exception {
    String type = "multipart/form-data; boundary=b";
    String text = "Content-Disposition: form-data; name=\"note\"";
    String image = "Content-Disposition: form-data; name=\"image\"; filename=\"a.png\"\r\n";
    byte[] encoded = Base64.getMimeEncoder().encode(image());
    byte[] form = form(encoded, text, image + "Content-Transfer-Encoding: BASE64");
    assertThat(answered(200, post(type, form)).path("label").asText()).isEqualTo("blue");
    byte[] other = form(encoded, text, image + "Content-Transfer-Encoding: x-uuencode");
    assertThat(problem(400, post(type, other)).path("detail").asText()).contains("x-uuencode");
  }

  @Test
  void saysThatAFileOfAFormIsEmpty() throws Exception {
    String type = "multipart/form-data; boundary=b";
    assertThat(problem(400, post(type, form(new byte[0]))).path("code").asText())
        .isEqualTo("empty");
    byte[] unfilled = unfilledBefore("--b--\r\n".getBytes(UTF_8));
    assertThat(problem(400, post(type, unfilled)).path("detail").asText())
        .contains("expected a form with a file");
  }

  @Test
  void takesAnImageInJson() throws Exception {
    String base64 = Base64.getEncoder().encodeToString(image());
    String url = Base64.getUrlEncoder().withoutPadding().encodeToString(image());
    String lines = Base64.getMimeEncoder().encodeToString(image());
    for (String text : List.of(base64, url, lines, "data:image/png;base64," + base64)) {
      ObjectNode json = JSON.createObjectNode().put("image", text);
      assertThat(answered(200, post("application/json", json.toString())).path("label").asText())
          .isEqualTo("blue");
    }
    problem(400, post("application/json", "{\"image\":\"a.jpg\"}"));
    problem(400, post("application/json", "{\"image\":\"data:image/svg+xml,%3Csvg\"}"));
    problem(400, post("application/json", "{\"image\":\"AAAA\",\"key\":\"a.jpg\"}"));
    JsonNode text = post("application/json", "{\"image\":\"aGVsbG8=\"}");
    assertThat(problem(400, text).path("code").asText()).isEqualTo("not-an-image");
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/x-image", "*/*", "image/jpg", "text/plain", "a/b", "none"})
  void believesTheBytesAndNotTheirType(String type) throws Exception {
    assertThat(answered(200, post(type, image())).path("label").asText()).isEqualTo("blue");
  }

  @Test
  void explainsALabelWithAGrid() throws Exception {
    ObjectNode event = sample("classify-post.json");
    event.putObject("queryStringParameters").put("explain", "true");
    JsonNode explanation = answered(200, handle(event)).path("explanation");
    assertThat(explanation.path("label").asText()).isEqualTo("blue");
    assertThat(explanation.path("grid")).hasSize(8).allSatisfy(row -> assertThat(row).hasSize(8));
    event.putObject("queryStringParameters").put("explain", "maybe");
    problem(400, handle(event));
  }

  @Test
  void explainsALabelWithAPicture() throws Exception {
    ObjectNode event = sample("classify-post.json");
    event.putObject("queryStringParameters").put("explain", "true");
    header(event, "accept", "image/png, application/json;q=0.5");
    JsonNode response = handle(event);
    assertThat(header(response, "Content-Type")).isEqualTo("image/png");
    assertThat(response.path("isBase64Encoded").asBoolean()).isTrue();
    byte[] png = Base64.getDecoder().decode(response.path("body").asText());
    assertThat(decoder.decode(png).width()).isEqualTo(32);
    header(event, "accept", "text/html");
    problem(406, handle(event));
  }

  @Test
  void answersRequestsOfARestApiToo() throws Exception {
    assertThat(answered(200, handle(sample("classify-post-rest.json"))).path("label").asText())
        .isEqualTo("blue");
    problem(400, handle(JSON.createObjectNode()));
  }

  @Test
  void answersRequestsOfAFunctionUrlToo() throws Exception {
    assertThat(answered(200, handle(sample("classify-function-url.json"))).path("predictions"))
        .hasSize(3);
  }

  @Test
  void answersRequestsOfALoadBalancerWhoseQueryIsStillEncoded() throws Exception {
    ObjectNode event = sample("classify-alb.json");
    assertThat(answered(200, handle(event)).path("predictions")).hasSize(3);
    event.withObject("/queryStringParameters").put("top", "%31");
    assertThat(answered(200, handle(event)).path("predictions")).hasSize(1);
    event.withObject("/queryStringParameters").put("top", "%3");
    problem(400, handle(event));
  }

  @Test
  void answersWithMultiValueHeadersToALoadBalancerThatIsSetToThem() throws Exception {
    ObjectNode event = sample("classify-alb.json");
    event.remove(List.of("headers", "queryStringParameters"));
    event.putObject("multiValueHeaders").putArray("Content-Type").add("image/png");
    event.putObject("multiValueQueryStringParameters").putArray("top").add("%31");
    JsonNode response = handle(event);
    assertThat(answered(200, response).path("predictions")).hasSize(1);
    assertThat(response.has("headers")).isFalse();
    assertThat(response.at("/multiValueHeaders/Content-Type/0").asText())
        .isEqualTo("application/json");
  }

  @Test
  void refusesBodiesThatApiGatewayWouldNotHaveLetThrough() throws Exception {
    JsonNode response = post("image/jpeg", new byte[Api.MAX_BODY_BYTES + 1]);
    assertThat(problem(413, response).path("code").asText()).isEqualTo("too-large");
  }

  @Test
  void sendsAgainOnlyWhatHasChanged() throws Exception {
    ObjectNode event = sample("classify-get-models.json");
    String etag = header(handle(event), "ETag");
    assertThat(etag).isNotEmpty();
    header(event, "if-none-match", "\"other\", " + etag);
    JsonNode response = handle(event);
    assertThat(response.path("statusCode").asInt()).isEqualTo(304);
    assertThat(response.path("body").asText()).isEmpty();
    assertThat(header(response, "ETag")).isEqualTo(etag);
  }

  @Test
  void answersToHeadAsToGetAndLeavesItToTheGatewayToSendNoBody() throws Exception {
    ObjectNode event = sample("classify-get-models.json");
    JsonNode get = handle(event);
    event.withObject("/requestContext/http").put("method", "HEAD");
    assertThat(handle(event)).isEqualTo(get);
  }

  @Test
  void tellsAllowedOriginsWhatTheyMayDo() throws Exception {
    ObjectNode event = sample("classify-get-models.json");
    event.withObject("/requestContext/http").put("method", "OPTIONS");
    assertThat(header(handle(event), "Allow")).isEqualTo("GET, HEAD, OPTIONS");
    header(event, "origin", "https://photos.example.com");
    header(event, "access-control-request-method", "GET");
    JsonNode response = handle(event);
    assertThat(response.path("statusCode").asInt()).isEqualTo(204);
    assertThat(header(response, "Access-Control-Allow-Origin"))
        .isEqualTo("https://photos.example.com");
    assertThat(header(response, "Access-Control-Allow-Methods")).contains("GET");
    assertThat(header(response, "Access-Control-Allow-Headers").split(", "))
        .contains("If-Match", "Authorization", "X-Amz-Date", "X-Amz-Security-Token");
    header(event, "origin", "https://elsewhere.example.com");
    assertThat(header(handle(event), "Access-Control-Allow-Origin")).isEmpty();
  }

  @Test
  void letsNoPageOfAStrangerChangeAnything() throws Exception {
    ObjectNode event = sample("classify-post.json");
    header(event, "origin", "https://elsewhere.example.com");
    problem(403, handle(event));
    header(event, "origin", "https://" + event.at("/headers/host").asText());
    answered(200, handle(event));
    header(event, "origin", "null");
    problem(403, handle(event));
  }

  @Test
  void saysWhereToPutAnImage() throws Exception {
    JsonNode upload =
        answered(
            201,
            json(
                "POST",
                "/uploads",
                "{\"name\":\"a/b\\\\ç?d.jpg\",\"size\":7,\"type\":\"image/jpeg\"}"));
    assertThat(upload.path("key").asText()).matches("uploads/[-0-9]{10}/[0-9a-f]{12}/ç_d.jpg");
    assertThat(upload.path("url").asText())
        .startsWith("http://127.0.0.1:1/images/uploads/")
        .containsPattern(
            "X-Amz-SignedHeaders=content-length%3Bcontent-type%3Bhost%3Bif-none-match");
    assertThat(upload.at("/headers/Content-Type").asText()).isEqualTo("image/jpeg");
    assertThat(upload.at("/headers/If-None-Match").asText()).isEqualTo("*");
    problem(413, json("POST", "/uploads", "{\"name\":\"a\",\"size\":100001}"));
    problem(400, json("POST", "/uploads", "{\"name\":\"a\",\"size\":0}"));
    problem(400, json("POST", "/uploads", "{\"name\":\"a\"}"));
    problem(400, json("POST", "/uploads", "{\"name\":\"a\",\"size\":18446744073709551617}"));
    String svg = "{\"name\":\"a.svg\",\"size\":7,\"type\":\"image/svg+xml\"}";
    assertThat(answered(201, json("POST", "/uploads", svg)).at("/headers/Content-Type").asText())
        .isEqualTo("application/octet-stream");
    problem(400, json("POST", "/uploads", "[]"));
  }

  @Test
  void isAboutNoImagesButThoseBelowItsPrefix() throws Exception {
    handler = handler(unreachable, "photos/");
    JsonNode upload = answered(201, json("POST", "/uploads", "{\"name\":\"a.jpg\",\"size\":7}"));
    assertThat(upload.path("key").asText()).startsWith("photos/uploads/");
    for (String key : List.of("secret/a.jpg", "photos", "Photos/a.jpg")) {
      String json = "{\"key\":\"" + key + "\"}";
      assertOutside(post("application/json", json));
      assertOutside(json("GET", "/images/" + key, ""));
      assertOutside(json("PUT", "/images/" + key + "/label", "{\"label\":\"cat\"}"));
    }
    problem(503, post("application/json", "{\"key\":\"photos/a.jpg\"}"));
  }

  private static void assertOutside(JsonNode response) throws Exception {
    JsonNode problem = problem(403, response);
    assertThat(problem.path("code").asText()).isEqualTo("outside");
    assertThat(problem.path("detail").asText()).contains("begin with photos/");
  }

  @Test
  void refusesLabelsThatCannotBeFolders() throws Exception {
    for (String label : List.of("", "a/b", "C/C++", "<b>", " a", "x".repeat(129))) {
      problem(422, json("PUT", "/images/a.jpg/label", "{\"label\":\"" + label + "\"}"));
    }
    problem(400, json("PUT", "/images/a.jpg/label", "{\"label\":1}"));
    problem(415, json("PUT", "/images/a.jpg/label", "label=cat", "text/plain"));
  }

  @Test
  void leavesThePointerToTheFunctionPromote() throws Exception {
    Manifest newer = new ColorModel(bucket, manifest.createdAt()).published();
    problem(501, json("POST", "/models/" + newer.version() + "/promote", ""));
    assertThat(repository.current().orElseThrow().manifest().version())
        .isEqualTo(manifest.version());
  }

  @Test
  void showsTheReportOfAVersionAsAPageThatMayRunNothing() throws Exception {
    String path = "/models/" + manifest.version() + "/report";
    problem(404, json("GET", path, ""));
    Files.writeString(
        bucket.resolve("models/colors/" + manifest.version() + "/report.html"), "<p>good</p>");
    JsonNode response = json("GET", path, "");
    assertThat(response.path("body").asText()).isEqualTo("<p>good</p>");
    assertThat(header(response, "Content-Security-Policy")).startsWith("sandbox;");
  }

  @Test
  void saysThatTrainingsAreNotStartedHere() throws Exception {
    problem(501, json("GET", "/trainings", ""));
    problem(501, json("POST", "/trainings", "{}"));
    ObjectNode event = sample("classify-get-models.json").put("rawPath", "/trainings");
    event.withObject("/requestContext/http").put("method", "OPTIONS");
    header(event, "origin", "https://photos.example.com");
    header(event, "access-control-request-method", "POST");
    assertThat(header(handle(event), "Access-Control-Allow-Methods")).contains("GET", "POST");
  }

  @Test
  void listsTheBasesThatTheTrainerKnowsAndThoseInTheBucket() throws Exception {
    for (String file :
        List.of("birds/base.json", "vgg-16/base.json", "partial/saved_model.pb", "A b/base.json")) {
      Path path = bucket.resolve("bases").resolve(file);
      Files.createDirectories(path.getParent());
      Files.writeString(path, "{}");
    }
    JsonNode bases = answered(200, json("GET", "/bases", "")).path("bases");
    assertThat(bases)
        .extracting(base -> base.path("name").asText() + " " + base.path("source").asText())
        .containsExactly("birds bucket", "mobilenet-v2 known", "vgg-16 bucket");
  }

  @Test
  void describesItselfAsOpenApiPrescribes() throws Exception {
    ObjectNode document = (ObjectNode) answered(200, json("GET", "/openapi.json", ""));
    assertThat(OpenApiErrors.of(document)).isEmpty();
    ObjectNode wrongOperation = document.deepCopy();
    ((ObjectNode) wrongOperation.at("/paths/~1classify/post")).put("responses", "none");
    assertThat(OpenApiErrors.of(wrongOperation)).isNotEmpty();
    ObjectNode wrongSchema = document.deepCopy();
    ((ObjectNode) wrongSchema.at("/components/schemas/Training")).put("type", "thing");
    assertThat(OpenApiErrors.of(wrongSchema)).isNotEmpty();
  }

  @Test
  void describesItself() throws Exception {
    JsonNode document = answered(200, json("GET", "/openapi.json", ""));
    assertThat(document.path("openapi").asText()).isEqualTo("3.1.0");
    assertThat(document.path("paths").has("/images/{key}/label")).isTrue();
    List<String> ids = new ArrayList<>();
    for (JsonNode path : document.path("paths")) {
      for (JsonNode operation : path) {
        ids.add(operation.path("operationId").asText());
        assertThat(operation.path("summary").asText()).isNotEmpty();
        assertThat(operation.path("responses").has("400")).isTrue();
      }
    }
    assertThat(ids).doesNotHaveDuplicates().contains("classify", "correctLabel", "startTraining");
    for (JsonNode reference : document.findValues("$ref")) {
      assertThat(document.at(reference.asText().substring(1)).isObject())
          .as(reference.asText())
          .isTrue();
    }
  }

  private static byte[] image() throws Exception {
    return Base64.getDecoder().decode(sample("classify-post.json").path("body").asText());
  }

  /** What browsers send of a file input that nobody chose a file for. */
  private static byte[] unfilledBefore(byte[] form) throws Exception {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    String[] unfilled = {
      "--b",
      "Content-Disposition: form-data; name=\"other\"; filename=\"\"",
      "Content-Type: application/octet-stream",
      "",
      "",
      ""
    };
    all.write(String.join("\r\n", unfilled).getBytes(UTF_8));
    all.write(form);
    return all.toByteArray();
  }

  private static byte[] form(byte[] image) throws Exception {
    return form(
        image,
        "Content-Disposition: form-data; name=\"note\"",
        "Content-Disposition: form-data; name=\"image\"; filename=\"a.png\"");
  }

  private static byte[] form(byte[] image, String textHeaders, String fileHeaders)
      throws Exception {
    ByteArrayOutputStream form = new ByteArrayOutputStream();
    String[] before = {"--b", textHeaders, "", "hi", "--b", fileHeaders, "", ""};
    form.write(String.join("\r\n", before).getBytes(UTF_8));
    form.write(image);
    form.write("\r\n--b--\r\n".getBytes(UTF_8));
    return form.toByteArray();
  }

  private JsonNode json(String method, String path, String body) throws Exception {
    return json(method, path, body, "application/json");
  }

  private JsonNode json(String method, String path, String body, String type) throws Exception {
    ObjectNode event = sample("classify-get-models.json");
    event.put("rawPath", path).put("body", body);
    event.withObject("/requestContext/http").put("method", method);
    header(event, "content-type", type);
    return handle(event);
  }

  private JsonNode post(String type, String body) throws Exception {
    return post(type, body.getBytes(UTF_8));
  }

  private JsonNode post(String type, byte[] body) throws Exception {
    ObjectNode event = sample("classify-post.json");
    header(event, "content-type", type);
    return handle(event.put("body", Base64.getEncoder().encodeToString(body)));
  }

  private JsonNode handle(ObjectNode event) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    handler.handleRequest(
        new ByteArrayInputStream(JSON.writeValueAsBytes(event)), out, new Invocation());
    return JSON.readTree(out.toByteArray());
  }

  private static String header(JsonNode response, String name) {
    return response.path("headers").path(name).asText();
  }

  private static void header(ObjectNode event, String name, String value) {
    ((ObjectNode) event.path("headers")).put(name, value);
  }

  private static JsonNode answered(int status, JsonNode response) throws Exception {
    assertThat(response.path("statusCode").asInt())
        .as(response.path("body").asText())
        .isEqualTo(status);
    return JSON.readTree(response.path("body").asText());
  }

  private static JsonNode problem(int status, JsonNode response) throws Exception {
    JsonNode problem = answered(status, response);
    assertThat(header(response, "Content-Type")).isEqualTo("application/problem+json");
    assertThat(problem.path("status").asInt()).isEqualTo(status);
    assertThat(problem.path("title").asText()).isNotEmpty();
    assertThat(problem.path("detail").asText()).isNotEmpty();
    return problem;
  }

  private static ObjectNode sample(String name) throws Exception {
    return (ObjectNode) JSON.readTree(SampleEvents.text(name));
  }
}
