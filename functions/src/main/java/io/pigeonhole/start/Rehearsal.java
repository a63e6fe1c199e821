package io.pigeonhole.start;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.imageio.ImageIO;

/**
 * Runs a function for one event, as a container's build does to have a JVM write its AOT cache:
 *
 * <pre>java -cp functions-runner.jar io.pigeonhole.start.Rehearsal HANDLER MODELS EVENTS COMMAND…
 * </pre>
 *
 * <p>{@code HANDLER} is {@code classify} or {@code label}, {@code MODELS} a models bucket as a
 * folder, {@code EVENTS} the folder of sample events, and {@code COMMAND} starts the function. It
 * gets the event by a Lambda Runtime API, and the model and images by an S3, that are both here;
 * SIGTERM when it has answered. The image is that of the sample event, as JPEG, which most images
 * are.
 */
public final class Rehearsal {
  private static final String RUNTIME = "/2018-06-01/runtime/";
  private static final String REQUEST = "rehearsal";
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final CompletableFuture<String> answer = new CompletableFuture<>();
  private final AtomicInteger asked = new AtomicInteger();
  private final String handler;
  private final Path models;
  private final byte[] event;
  private final byte[] image;

  private Rehearsal(String handler, Path models, Path events) throws IOException {
    this.handler = handler;
    this.models = models.toAbsolutePath().normalize();
    ObjectNode request =
        (ObjectNode) JSON.readTree(Files.readAllBytes(events.resolve("classify-post.json")));
    image = jpeg(request.path("body").binaryValue());
    event =
        handler.equals("label")
            ? Files.readAllBytes(events.resolve("sqs-s3.json"))
            : JSON.writeValueAsBytes(request.put("body", image));
  }

  private static byte[] jpeg(byte[] image) throws IOException {
    ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
    ImageIO.setUseCache(false);
    ImageIO.write(ImageIO.read(new ByteArrayInputStream(image)), "jpeg", jpeg);
    return jpeg.toByteArray();
  }

  /** Ends with 0 when the function has answered a request with 200, or has done all messages. */
  public static void main(String[] args) throws Exception {
    Rehearsal rehearsal = new Rehearsal(args[0], Path.of(args[1]), Path.of(args[2]));
    List<String> command = Arrays.asList(args).subList(3, args.length);
    // its threads would keep the process from ending
    Runtime.getRuntime().halt(rehearsal.run(command) ? 0 : 1);
  }

  private boolean run(List<String> command) throws IOException, InterruptedException {
    HttpServer s3 = serve(this::s3);
    HttpServer runtime = serve(this::runtime);
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    builder
        .environment()
        .putAll(
            Map.ofEntries(
                Map.entry("AWS_LAMBDA_RUNTIME_API", address(runtime)),
                Map.entry("AWS_LAMBDA_FUNCTION_NAME", REQUEST),
                Map.entry("AWS_REGION", "us-east-1"),
                Map.entry("AWS_ACCESS_KEY_ID", REQUEST),
                Map.entry("AWS_SECRET_ACCESS_KEY", REQUEST),
                Map.entry("QUARKUS_LAMBDA_HANDLER", handler),
                Map.entry("PIGEONHOLE_API_ANONYMOUS", "read"),
                Map.entry("QUARKUS_S3_ENDPOINT_OVERRIDE", "http://" + address(s3)),
                Map.entry("QUARKUS_S3_PATH_STYLE_ACCESS", "true"),
                Map.entry("PIGEONHOLE_MODEL_NAME", "cifar10"),
                Map.entry("PIGEONHOLE_MODELS_BUCKET", "models"),
                Map.entry("PIGEONHOLE_IMAGES_BUCKET", "images"),
                Map.entry("PIGEONHOLE_RESULTS_BUCKET", "results")));
    Process function = builder.start();
    String said = first(answer, function.onExit().thenApply(p -> "it ended: " + p.exitValue()));
    function.destroy();
    boolean ended = function.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    boolean answered = isOk(said);
    if (!answered || !ended) {
      System.err.printf(
          "%s was to do all that it was asked for, and to end; it said: %s%n", handler, said);
      function.destroyForcibly();
    }
    return answered && ended;
  }

  private static String first(CompletableFuture<String> one, CompletableFuture<String> other)
      throws InterruptedException {
    try {
      return one.applyToEither(other, said -> said).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      return "nothing";
    } catch (ExecutionException e) {
      throw new AssertionError("neither fails", e);
    }
  }

  private static boolean isOk(String said) {
    try {
      JsonNode response = JSON.readTree(said);
      return response.path("statusCode").asInt() == 200
          || (response.path("batchItemFailures").isArray()
              && response.path("batchItemFailures").isEmpty());
    } catch (IOException e) {
      return false;
    }
  }

  private static HttpServer serve(HttpHandler handler) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/", handler);
    server.start();
    return server;
  }

  private static String address(HttpServer server) {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  /** All images are the same one, and what is written is not kept: there are no results. */
  private void s3(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    Path file = models.resolve(path.replaceFirst("^/models/", "")).normalize();
    exchange.getResponseHeaders().set("ETag", "\"" + REQUEST + "\"");
    if (exchange.getRequestMethod().equals("PUT")) {
      exchange.getRequestBody().readAllBytes();
      answer(exchange, 200, new byte[0]);
    } else if (path.startsWith("/images/")) {
      answer(exchange, 200, image);
    } else if (file.startsWith(models) && Files.isRegularFile(file)) {
      answer(exchange, 200, Files.readAllBytes(file));
    } else {
      byte[] error = "<Error><Code>NoSuchKey</Code></Error>".getBytes(StandardCharsets.UTF_8);
      answer(exchange, 404, error);
    }
  }

  private void runtime(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (!path.equals(RUNTIME + "invocation/next")) {
      byte[] said = exchange.getRequestBody().readAllBytes();
      answer(exchange, 202, new byte[0]);
      answer.complete(new String(said, StandardCharsets.UTF_8));
    } else if (asked.getAndIncrement() == 0) {
      var headers = exchange.getResponseHeaders();
      headers.set("Lambda-Runtime-Aws-Request-Id", REQUEST);
      headers.set("Lambda-Runtime-Invoked-Function-Arn", REQUEST);
      headers.set(
          "Lambda-Runtime-Deadline-Ms",
          Long.toString(System.currentTimeMillis() + PATIENCE.toMillis()));
      answer(exchange, 200, event);
    }
    // the next event never comes
  }

  private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
