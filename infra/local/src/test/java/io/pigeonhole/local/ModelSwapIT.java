package io.pigeonhole.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.pigeonhole.model.Gate;
import io.pigeonhole.model.Manifest;
import io.pigeonhole.model.ModelRepository;
import io.pigeonhole.model.ModelRepository.Promotion;
import io.pigeonhole.model.ModelVersion;
import io.pigeonhole.model.S3ModelStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedModel;
import software.amazon.awssdk.core.sync.RequestBody;
import tools.jackson.databind.JsonNode;

/** A model that is published while requests run goes into service, if nothing is wrong with it. */
@ExtendWith(RunningProduct.Shared.class)
class ModelSwapIT {
  private static final byte[] IMAGE = Scenes.jpeg("ship");

  private final RunningProduct product;
  private final ModelRepository repository;
  private Manifest before;
  @TempDir private Path folder;

  ModelSwapIT(RunningProduct product) {
    this.product = product;
    this.repository = new ModelRepository(new S3ModelStore(product.s3(), "models"), "cifar10");
  }

  @BeforeEach
  void remember() throws Exception {
    before = repository.current().orElseThrow().manifest();
    repository.download(before, folder);
    product.awaitModel(before.version().value());
  }

  @AfterEach
  void restore() throws Exception {
    putPointer(before);
    product.awaitModel(before.version().value());
  }

  @Test
  void switchesToAPublishedModelWithoutAFailedRequest() throws Exception {
    Manifest next = NewVersion.of(before, folder);
    try (Requests requests = new Requests(product)) {
      repository.publish(next, folder);
      assertThat(repository.promote(next.version(), Gate.open()))
          .isInstanceOf(Promotion.Promoted.class);
      product.awaitModel(next.version().value());
      TimeUnit.MILLISECONDS.sleep(500);
      assertThat(requests.problems()).isEmpty();
      assertThat(requests.versions()).contains(before.version().value(), next.version().value());
    }
  }

  @Test
  void keepsTheOldModelWhenTheNewOneIsCorrupt() throws Exception {
    Manifest next = NewVersion.of(before, folder);
    byte[] graph = Files.readAllBytes(folder.resolve(Manifest.SAVED_MODEL));
    graph[graph.length / 2] ^= 1;
    assertRefused(next, graph, "has the SHA-256");
  }

  @Test
  void keepsTheOldModelWhenTheNewOneIsTruncated() throws Exception {
    Manifest next = NewVersion.of(before, folder);
    byte[] graph = Files.readAllBytes(folder.resolve(Manifest.SAVED_MODEL));
    assertRefused(next, Arrays.copyOf(graph, graph.length / 2), "bytes, its manifest says");
  }

  @Test
  void keepsTheOldModelWhenTheNewOneReadsFiles() throws Exception {
    Path file = folder.resolve(Manifest.SAVED_MODEL);
    byte[] graph = withFileReadingOp(Files.readAllBytes(file));
    Files.write(file, graph);
    assertRefused(NewVersion.of(before, folder), graph, "'ReadFile'");
  }

  private static byte[] withFileReadingOp(byte[] graph) throws IOException {
    SavedModel.Builder model = SavedModel.parseFrom(graph).toBuilder();
    model
        .getMetaGraphsBuilder(0)
        .getGraphDefBuilder()
        .addNode(NodeDef.newBuilder().setName("secret").setOp("ReadFile").addInput("name"))
        .addNode(NodeDef.newBuilder().setName("name").setOp("Const"));
    return model.build().toByteArray();
  }

  private void assertRefused(Manifest next, byte[] graph, String reason) throws Exception {
    String root = "models/cifar10/" + next.version() + "/";
    product
        .s3()
        .putObject(
            put -> put.bucket("models").key(root + Manifest.SAVED_MODEL),
            RequestBody.fromBytes(graph));
    product
        .s3()
        .putObject(
            put -> put.bucket("models").key(root + "manifest.json"),
            RequestBody.fromBytes(next.toJson()));
    try (Requests requests = new Requests(product)) {
      putPointer(next);
      RunningProduct.await(() -> refusalIsLogged(next.version(), reason));
      TimeUnit.MILLISECONDS.sleep(500);
      assertThat(requests.problems()).isEmpty();
      assertThat(requests.versions()).containsOnly(before.version().value());
    }
    product.upload("unswapped.jpg", IMAGE);
    assertThat(product.awaitResult("unswapped.jpg").at("/model/version").asString())
        .isEqualTo(before.version().value());
  }

  private boolean refusalIsLogged(ModelVersion version, String reason) {
    return product.log().stream()
        .filter(line -> line.startsWith("classify") && line.contains(version.value()))
        .anyMatch(line -> line.contains(reason));
  }

  private void putPointer(Manifest manifest) {
    product
        .s3()
        .putObject(
            put -> put.bucket("models").key("models/cifar10/current.json"),
            RequestBody.fromBytes(manifest.toJson()));
  }

  /** Clients that ask without a pause, until they are closed. */
  private static final class Requests implements AutoCloseable {
    private final RunningProduct product;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Queue<String> problems = new ConcurrentLinkedQueue<>();
    private final Queue<String> versions = new ConcurrentLinkedQueue<>();
    private final List<Thread> clients;

    Requests(RunningProduct product) {
      this.product = product;
      this.clients = Stream.generate(() -> new Thread(this::ask)).limit(3).toList();
      clients.forEach(Thread::start);
    }

    private void ask() {
      while (!closed.get()) {
        try {
          JsonNode answer = product.classify(IMAGE);
          versions.add(answer.at("/model/version").asString());
        } catch (IOException | InterruptedException | AssertionError e) {
          problems.add(String.valueOf(e));
        }
      }
    }

    Queue<String> problems() {
      return problems;
    }

    Queue<String> versions() {
      return versions;
    }

    @Override
    public void close() {
      closed.set(true);
      for (Thread client : clients) {
        try {
          client.join();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }
}
