package io.pigeonhole.provide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import io.pigeonhole.model.FolderModelStore;
import io.pigeonhole.model.Manifest;
import io.pigeonhole.model.ModelRepository;
import io.pigeonhole.testkit.HttpStub;
import io.pigeonhole.testkit.Invocation;
import io.pigeonhole.testkit.SampleEvents;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProvideHandlerTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String NAME = "cifar10";
  private static final Path BUNDLED =
      Path.of(System.getProperty("events")).resolveSibling("model").resolve("bundled");

  @TempDir Path bucket;
  @TempDir Path folder;

  private final List<JsonNode> told = new CopyOnWriteArrayList<>();
  private final List<String> types = new CopyOnWriteArrayList<>();
  private int status = 200;
  private HttpStub cloudFormation;
  private ModelRepository repository;

  @BeforeEach
  void start() {
    repository = new ModelRepository(new FolderModelStore(bucket), NAME);
    cloudFormation = new HttpStub(this::respond);
  }

  @AfterEach
  void stop() {
    cloudFormation.close();
  }

  private void respond(HttpExchange exchange) throws IOException {
    told.add(JSON.readTree(exchange.getRequestBody()));
    types.add(exchange.getRequestMethod() + " " + exchange.getRequestHeaders().get("Content-Type"));
    HttpStub.send(exchange, status, new byte[0]);
  }

  @Test
  void putsTheBundledModelIntoServiceAndTellsCloudFormation() throws Exception {
    JsonNode response = answer(request("Create"));

    Manifest manifest = bundled();
    assertThat(repository.current().orElseThrow().manifest()).isEqualTo(manifest);
    assertThat(repository.versions()).containsExactly(manifest.version());
    Path copy = Files.createDirectory(folder.resolve("copy"));
    repository.download(manifest, copy);
    assertThat(told).containsExactly(response);
    // the address is signed for no other
    assertThat(types).containsExactly("PUT null");
    assertThat(response.path("Status").asText()).isEqualTo("SUCCESS");
    assertThat(response.path("Reason").asText())
        .isEqualTo(NAME + " " + manifest.version() + " is in service");
    for (String field : List.of("StackId", "RequestId", "LogicalResourceId")) {
      assertThat(response.get(field)).isEqualTo(request("Create").get(field));
    }
    assertThat(response.path("PhysicalResourceId").asText()).isEqualTo("bundled-model");
  }

  @Test
  void leavesWhatIsInService() throws Exception {
    Path pointer = another();
    byte[] before = Files.readAllBytes(pointer);

    assertThat(answer(request("Create")).path("Status").asText()).isEqualTo("SUCCESS");
    assertThat(pointer).hasBinaryContent(before);
    assertThat(repository.versions()).isEmpty();
  }

  @Test
  void leavesWhatIsPutIntoServiceMeanwhile() throws Exception {
    byte[][] theirs = new byte[1][];
    FolderModelStore store = new FolderModelStore(bucket);
    BundledModel model =
        new BundledModel(
            BUNDLED,
            NAME,
            new ModelRepository(
                new Meanwhile(
                    store,
                    () -> {
                      theirs[0] = Files.readAllBytes(another());
                    }),
                NAME));

    assertThat(answer(model, request("Create")).path("Status").asText()).isEqualTo("SUCCESS");
    assertThat(bucket.resolve("models").resolve(NAME).resolve("current.json"))
        .hasBinaryContent(theirs[0]);
  }

  @Test
  void completesWhatAnAttemptBeforeItHasLeft() throws Exception {
    Manifest manifest = bundled();
    Path copy = Files.createDirectory(folder.resolve("copy"));
    new ModelRepository(new FolderModelStore(BUNDLED), NAME).download(manifest, copy);
    repository.publish(manifest, copy);

    assertThat(answer(request("Create")).path("Status").asText()).isEqualTo("SUCCESS");
    assertThat(repository.current().orElseThrow().manifest()).isEqualTo(manifest);
  }

  @Test
  void failsTheDeploymentWithTheReason() throws Exception {
    Path broken = Files.createDirectory(folder.resolve("broken"));
    copy(BUNDLED, broken);
    Path graph =
        broken
            .resolve("models")
            .resolve(NAME)
            .resolve(bundled().version().toString())
            .resolve(Manifest.SAVED_MODEL);
    Files.write(graph, new byte[(int) Files.size(graph)]);
    BundledModel model = new BundledModel(broken, NAME, repository);

    JsonNode response = answer(model, request("Create"));
    assertThat(told).containsExactly(response);
    assertThat(response.path("Status").asText()).isEqualTo("FAILED");
    assertThat(response.path("Reason").asText()).contains("saved_model.pb", "SHA-256");
    assertThat(repository.versions()).isEmpty();
    assertThat(repository.current()).isEmpty();
  }

  @Test
  void saysThatNoModelOfTheNameIsBundled() throws Exception {
    ModelRepository others = new ModelRepository(new FolderModelStore(bucket), "photos");

    JsonNode response = answer(new BundledModel(BUNDLED, "photos", others), request("Create"));
    assertThat(response.path("Status").asText()).isEqualTo("SUCCESS");
    assertThat(response.path("Reason").asText()).startsWith("no model photos is bundled");
    assertThat(others.current()).isEmpty();
  }

  @Test
  void keepsModelsWhenItIsDeleted() throws Exception {
    answer(request("Create"));

    JsonNode response = answer(request("Delete").put("PhysicalResourceId", "bundled-model"));
    assertThat(response.path("Status").asText()).isEqualTo("SUCCESS");
    assertThat(repository.current()).isPresent();
  }

  @Test
  void failsTheInvocationWhenCloudFormationCannotBeTold() throws Exception {
    status = 403;
    ObjectNode request = request("Create");

    assertThatThrownBy(() -> answer(request))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("403");
    request.remove("ResponseURL");
    assertThatThrownBy(() -> answer(request))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("ResponseURL");
  }

  private static Manifest bundled() throws Exception {
    return new ModelRepository(new FolderModelStore(BUNDLED), NAME)
        .current()
        .orElseThrow()
        .manifest();
  }

  /** Puts some other version into service. */
  private Path another() throws IOException {
    Path pointer = bucket.resolve("models").resolve(NAME).resolve("current.json");
    Files.createDirectories(pointer.getParent());
    ObjectNode manifest =
        (ObjectNode)
            JSON.readTree(BUNDLED.resolve("models").resolve(NAME).resolve("current.json").toFile());
    String older = manifest.path("version").asText().replaceFirst("^[^-]+", "20200101T000000Z");
    return Files.write(pointer, JSON.writeValueAsBytes(manifest.put("version", older)));
  }

  private ObjectNode request(String type) throws IOException {
    return ((ObjectNode) JSON.readTree(SampleEvents.text("cloudformation-create.json")))
        .put("RequestType", type)
        .put("ResponseURL", cloudFormation.uri().resolve("/response?signed=1").toString());
  }

  private JsonNode answer(JsonNode request) throws IOException {
    return answer(new BundledModel(BUNDLED, NAME, repository), request);
  }

  private static JsonNode answer(BundledModel model, JsonNode request) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new ProvideHandler(model)
        .handleRequest(
            new ByteArrayInputStream(JSON.writeValueAsBytes(request)), out, new Invocation());
    return JSON.readTree(out.toByteArray());
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
  }
}
