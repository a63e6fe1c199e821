package io.pigeonhole.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import io.pigeonhole.local.s3.LocalS3;
import io.pigeonhole.testkit.HttpStub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The function that CloudFormation invokes when a stack is made. */
class ProvideIT {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String POINTER = "models/cifar10/current.json";

  private final Queue<JsonNode> told = new ConcurrentLinkedQueue<>();
  private final Path bundled = Path.of(System.getProperty("local.models")).normalize();

  @TempDir Path data;

  @Test
  void putsTheBundledModelIntoAnEmptyBucketAndLeavesWhatIsInServiceThen() throws Exception {
    try (HttpStub cloudFormation = new HttpStub(this::respond);
        LocalS3 s3 = new LocalS3(data, Buckets.ALL, created -> {});
        LoneFunction provide = provide(s3)) {
      ObjectNode request =
          ClassifyAlone.sample("cloudformation-create.json")
              .put("ResponseURL", cloudFormation.uri().resolve("/response").toString());

      JsonNode answer = provide.answer(request);
      assertThat(told).containsExactly(answer);
      assertThat(answer.path("Status").asString()).as("%s", answer).isEqualTo("SUCCESS");
      assertThat(keys(s3.client())).containsExactlyInAnyOrderElementsOf(files());
      JsonNode pointer = JSON.readTree(bundled.resolve(POINTER).toFile());
      assertThat(inService(s3.client())).isEqualTo(pointer.path("version").asString());

      String another = inService(s3.client()).replaceFirst("^[^-]+", "20200101T000000Z");
      s3.client()
          .putObject(
              put -> put.bucket(Buckets.MODELS).key(POINTER),
              RequestBody.fromString(((ObjectNode) pointer).put("version", another).toString()));
      assertThat(provide.answer(request).path("Status").asString()).isEqualTo("SUCCESS");
      assertThat(inService(s3.client())).isEqualTo(another);
    }
  }

  private LoneFunction provide(LocalS3 s3)
      throws IOException, InterruptedException, StartException {
    return new LoneFunction(
        "provide",
        s3.endpoint(),
        data,
        environment -> environment.put("PIGEONHOLE_MODELS_BUNDLED", bundled.toString()),
        System.out::println);
  }

  private void respond(HttpExchange exchange) throws IOException {
    told.add(JSON.readTree(exchange.getRequestBody()));
    HttpStub.send(exchange, 200, new byte[0]);
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.walk(bundled.resolve("models"))) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> bundled.relativize(file).toString())
          .toList();
    }
  }

  private static List<String> keys(S3Client s3) {
    return s3.listObjectsV2(list -> list.bucket(Buckets.MODELS)).contents().stream()
        .map(S3Object::key)
        .toList();
  }

  private static String inService(S3Client s3) {
    return JSON.readTree(
            s3.getObjectAsBytes(get -> get.bucket(Buckets.MODELS).key(POINTER)).asByteArray())
        .path("version")
        .asString();
  }
}
