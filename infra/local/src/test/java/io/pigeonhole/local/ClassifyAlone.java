package io.pigeonhole.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.pigeonhole.local.lambda.LambdaFunction;
import io.pigeonhole.local.lambda.Outcome;
import io.pigeonhole.local.s3.S3Clients;
import io.pigeonhole.local.s3.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import software.amazon.awssdk.services.s3.S3Client;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The function behind the API, and an S3 server: events reach it from tests, and no gateway. */
final class ClassifyAlone implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final S3Server server;
  private final S3Client s3;
  private final LambdaFunction classify;

  /**
   * Starts both.
   *
   * @param caller in whose name it asks S3: one that {@code PolicyIT} does not know may do what the
   *     template's default parameters do not allow
   * @param more of its environment
   */
  ClassifyAlone(Path data, String caller, Map<String, String> more)
      throws IOException, InterruptedException, StartException {
    server = S3Server.start(0, data.resolve("s3"), Buckets.ALL, created -> {});
    s3 = S3Clients.at(server.endpoint());
    Settings settings = RunningProduct.settings(data);
    new BundledModels(settings.bundledModels()).copyTo(server.endpoint(), Buckets.MODELS);
    Functions functions =
        new Functions(settings.functions(), settings.model(), System.out::println);
    Map<String, String> environment = functions.environment("classify", server.endpoint());
    environment.put("AWS_ACCESS_KEY_ID", caller);
    environment.putAll(more);
    classify =
        functions.function(
            "classify",
            environment,
            Files.createDirectories(data.resolve("tmp")),
            Functions.CLASSIFY_TIMEOUT);
    classify.start();
  }

  S3Client s3() {
    return s3;
  }

  /** A sample of an event. */
  static ObjectNode sample(String name) throws IOException {
    return (ObjectNode) JSON.readTree(Path.of(System.getProperty("events"), name).toFile());
  }

  /** What the function hands to whoever has sent an event. */
  JsonNode answer(JsonNode event) throws Exception {
    Outcome outcome = classify.invoke(JSON.writeValueAsBytes(event)).get();
    assertThat(outcome).as("%s", outcome).isInstanceOf(Outcome.Responded.class);
    return JSON.readTree(((Outcome.Responded) outcome).payload());
  }

  /** The JSON in an answer of this status. */
  JsonNode body(int status, JsonNode event) throws Exception {
    JsonNode answer = answer(event);
    assertThat(answer.path("statusCode").asInt()).as("%s", answer).isEqualTo(status);
    assertThat(answer.path("isBase64Encoded").asBoolean()).isFalse();
    return JSON.readTree(answer.path("body").asString());
  }

  @Override
  public void close() {
    classify.close();
    s3.close();
    server.close();
  }
}
