package io.pigeonhole.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.pigeonhole.local.gateway.Rate;
import io.pigeonhole.local.lambda.LambdaFunction;
import io.pigeonhole.local.s3.S3Clients;
import io.pigeonhole.model.StoredLabel;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.Tag;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The whole product, with the packaged functions as child processes, and its clients. One is
 * started for all tests that ask for it.
 */
final class RunningProduct implements AutoCloseable {
  static final JsonMapper JSON = JsonMapper.shared();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final HttpClient http = HttpClient.newHttpClient();
  private final Queue<String> log = new ConcurrentLinkedQueue<>();
  private final Product product;
  private final S3Client s3;

  RunningProduct(Path data) throws StartException, InterruptedException {
    this(settings(data));
  }

  RunningProduct(Settings settings) throws StartException, InterruptedException {
    product =
        new Product(
            line -> {
              log.add(line);
              System.out.println(line);
            });
    product.start(settings);
    s3 = S3Clients.at(product.s3());
  }

  static Settings settings(Path data) {
    return settings(data, Map.of());
  }

  /** Those of a product whose API may be asked that often. */
  static Settings settings(Path data, Rate rate) {
    return settings(
        data,
        Map.of(
            "local.api.rate", String.valueOf(rate.perSecond()),
            "local.api.burst", String.valueOf(rate.burst())));
  }

  /** What a person sets on the command line, {@code more} among it. */
  static Settings settings(Path data, Map<String, String> more) {
    return settings(data, more, Map.of());
  }

  /** The same, with an environment. */
  static Settings settings(Path data, Map<String, String> more, Map<String, String> environment) {
    Properties properties = new Properties();
    properties.putAll(System.getProperties());
    properties.setProperty("local.s3.port", "0");
    properties.setProperty("local.api.port", "0");
    properties.setProperty("local.data", data.toString());
    properties.putAll(more);
    try {
      return Settings.of(properties, environment);
    } catch (StartException e) {
      throw new AssertionError(e);
    }
  }

  /** Gives tests the product that they share. */
  static final class Shared implements BeforeAllCallback, ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(Shared.class);

    @Override
    public void beforeAll(ExtensionContext context) {
      get(context);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == RunningProduct.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return get(context);
    }

    /** For as long as this process runs tests, though each of its classes is a run for JUnit. */
    private static RunningProduct get(ExtensionContext context) {
      return context
          .getStore(StoreScope.LAUNCHER_SESSION, NAMESPACE)
          .computeIfAbsent(RunningProduct.class, key -> start(), RunningProduct.class);
    }

    private static RunningProduct start() {
      try {
        return new RunningProduct(Files.createTempDirectory("pigeonhole"));
      } catch (StartException | IOException e) {
        throw new AssertionError(e.getMessage(), e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }
  }

  Product product() {
    return product;
  }

  S3Client s3() {
    return s3;
  }

  /** What a person at the terminal has seen. */
  Queue<String> log() {
    return log;
  }

  void upload(String key, byte[] image) {
    s3.putObject(put -> put.bucket("images").key(key), RequestBody.fromBytes(image));
  }

  /** Uploads without any SDK. */
  int put(String path, byte[] body) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(product.s3().resolve(path))
            .PUT(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(product.api().resolve(path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> post(String path, String type, byte[] body)
      throws IOException, InterruptedException {
    return send("POST", path, type, body);
  }

  HttpResponse<String> put(String path, String type, byte[] body)
      throws IOException, InterruptedException {
    return send("PUT", path, type, body);
  }

  private HttpResponse<String> send(String method, String path, String type, byte[] body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(product.api().resolve(path))
            .header("Content-Type", type)
            .method(method, HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  /** What {@code POST /classify} says of an image in the bucket. */
  JsonNode classifyStored(String key) throws IOException, InterruptedException {
    byte[] body = JSON.writeValueAsBytes(Map.of("key", key));
    HttpResponse<String> response = post("/classify", "application/json", body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JSON.readTree(response.body());
  }

  /** Both functions look for a newer model on their own, each at most twice a second. */
  void awaitModel(String version) throws InterruptedException {
    byte[] image = Scenes.jpeg("ship");
    await(() -> classify(image).at("/model/version").asString().equals(version));
    await(
        () -> {
          // another key each time: nobody replaces a result in its first seconds
          String key = "await-model/" + UUID.randomUUID() + ".jpg";
          upload(key, image);
          return awaitResult(key).at("/model/version").asString().equals(version);
        });
  }

  JsonNode classify(byte[] image) throws IOException, InterruptedException {
    HttpResponse<String> response = post("/classify", "application/octet-stream", image);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JSON.readTree(response.body());
  }

  /** The result of what is under the key now, as soon as it is there. */
  JsonNode awaitResult(String key) throws IOException, InterruptedException {
    return awaitResult(
        key, s3.headObject(head -> head.bucket("images").key(key)).eTag().replace("\"", ""));
  }

  /** The result of an object with this ETag. */
  JsonNode awaitResult(String key, String etag) throws IOException, InterruptedException {
    String last = "";
    for (long end = System.nanoTime() + PATIENCE.toNanos(); System.nanoTime() < end; ) {
      last = get("/images/" + encoded(key)).body();
      JsonNode result = JSON.readTree(last);
      if (result.path("etag").asString("").equals(etag)) {
        // it is another each time
        ((ObjectNode) result).remove("image");
        awaitTagsAndIndex(key, result);
        return result;
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
    throw new AssertionError("no result of %s with the ETag %s, but %s".formatted(key, etag, last));
  }

  /** Which are written after the result, one after the other. */
  private void awaitTagsAndIndex(String key, JsonNode result) throws InterruptedException {
    if (result.path("reason").asString("").equals("unknown")) {
      await(
          () ->
              tags(key).keySet().containsAll(Set.of("review", "model"))); // maybe another's review
      awaitIndex("for-review/", key);
    } else if (result.has("label")) {
      String label = StoredLabel.of(result.path("label").asString());
      await(() -> tags(key).getOrDefault("label", "").equals(label));
      awaitIndex("by-label/" + label + "/", key);
    }
  }

  private void awaitIndex(String list, String key) throws InterruptedException {
    if (key.length() <= 200) { // longer ones may be cut
      await(() -> exists("results", list + key));
    }
  }

  Map<String, String> tags(String key) {
    try {
      return s3.getObjectTagging(get -> get.bucket("images").key(key)).tagSet().stream()
          .collect(Collectors.toMap(Tag::key, Tag::value));
    } catch (NoSuchKeyException e) {
      return Map.of();
    }
  }

  boolean exists(String bucket, String key) {
    try {
      s3.headObject(head -> head.bucket(bucket).key(key));
      return true;
    } catch (NoSuchKeyException e) {
      return false;
    }
  }

  /** Something that becomes true. */
  @FunctionalInterface
  interface Condition {
    boolean holds() throws IOException, InterruptedException;
  }

  static void await(Condition condition) throws InterruptedException {
    try {
      for (long end = System.nanoTime() + PATIENCE.toNanos(); System.nanoTime() < end; ) {
        if (condition.holds()) {
          return;
        }
        TimeUnit.MILLISECONDS.sleep(20);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    throw new AssertionError("it did not become true within " + PATIENCE.toSeconds() + " s");
  }

  /** Something to do. */
  @FunctionalInterface
  interface Task {
    void run() throws Exception;
  }

  /** Does something while the function that labels stands still, so that events gather. */
  void whileLabelStandsStill(Task task) throws Exception {
    ProcessHandle label = running(product.label());
    signal("-STOP", label);
    try {
      task.run();
    } finally {
      signal("-CONT", label);
    }
  }

  /** The function's process, once there is one. */
  static ProcessHandle running(LambdaFunction function) throws InterruptedException {
    await(() -> function.process().isPresent());
    return function.process().orElseThrow();
  }

  private static void signal(String signal, ProcessHandle process)
      throws IOException, InterruptedException {
    new ProcessBuilder("kill", signal, String.valueOf(process.pid())).start().waitFor();
  }

  static String encoded(String key) {
    return URLEncoder.encode(key, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** Ends it before its time. */
  void end() {
    s3.close();
    product.close();
  }

  @Override
  public void close() {
    end();
  }
}
