package io.pigeonhole.local;

import io.pigeonhole.local.bench.Figures;
import io.pigeonhole.local.bench.Program;
import io.pigeonhole.local.lambda.FunctionCommand;
import io.pigeonhole.model.Processor;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import tools.jackson.databind.node.ObjectNode;

/** Starts the programs of the package {@code bench} as the functions are started. */
final class BenchmarkPrograms {
  private BenchmarkPrograms() {}

  /** The folder where the functions were built. */
  static Path build() throws StartException {
    return functions().command(List.of()).folder();
  }

  /** The folder of the bundled model's version. */
  static String model(Path data) throws IOException {
    Path versions = RunningProduct.settings(data).bundledModels().resolve("models/cifar10");
    try (Stream<Path> folders = Files.list(versions)) {
      return folders.filter(Files::isDirectory).findFirst().orElseThrow().toString();
    }
  }

  private static Functions functions() throws StartException {
    return new Functions(RunningProduct.settings(Path.of("")).functions(), "cifar10", line -> {});
  }

  /** A program with the functions' libraries, JVM options and settings. */
  static Program java(URI s3, String name, Map<String, String> environment, String... arguments)
      throws IOException, StartException {
    Path build = build();
    List<String> command = new ArrayList<>(FunctionCommand.start(build));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(Functions.JVM_OPTIONS);
    command.add("-cp");
    command.add(
        "target/test-classes:../testkit/target/classes:%s:%s/*:%s"
            .formatted(
                build.resolve("functions-runner.jar"), build.resolve("lib"), peersHttpClient()));
    command.add("io.pigeonhole.local.bench." + name);
    command.addAll(List.of(arguments));
    Map<String, String> all = new LinkedHashMap<>(functions().environment("classify", s3));
    all.putAll(environment);
    return Program.start(command, all);
  }

  /** Where the HTTP client is that the usual way has, and the functions have not. */
  private static Path peersHttpClient() {
    return Path.of(
        URI.create(
            UrlConnectionHttpClient.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toString()));
  }

  /**
   * Prints figures, and keeps them as data: in {@code bench/} with {@code -Dfigures.write}, from
   * where they come into the READMEs, else in {@code target/}.
   *
   * @param ours those rows that are ours
   * @param rows figures by name, in the order of the columns after the first
   */
  static void report(
      String benchmark, List<String> ours, List<String> columns, Map<String, List<Object>> rows)
      throws IOException {
    Processor processor = Processor.ofThisMachine();
    String cores = ", %d processors".formatted(Runtime.getRuntime().availableProcessors());
    String versions = "Java %s, TensorFlow 2.18".formatted(System.getProperty("java.version"));
    Figures figures = Figures.of(processor.description() + cores, versions, ours, columns);
    for (Map.Entry<String, List<Object>> row : rows.entrySet()) {
      figures = figures.with(row.getKey(), row.getValue().toArray());
    }
    Path file =
        Path.of(
            Boolean.getBoolean("figures.write") ? "bench" : "target",
            "%s-%s.csv".formatted(benchmark, processor.fileName()));
    figures.write(file);
    System.out.println(file + ":\n" + Files.readString(file));
  }

  /** A request to classify this image, as an HTTP API gives it to a function. */
  static String event(byte[] image) {
    ObjectNode event = LabelAlone.JSON.createObjectNode();
    event
        .put("version", "2.0")
        .put("routeKey", "POST /classify")
        .put("rawPath", "/classify")
        .put("rawQueryString", "");
    event.putObject("headers").put("content-type", "image/jpeg");
    event
        .putObject("requestContext")
        .put("requestId", "benchmark")
        .putObject("http")
        .put("method", "POST")
        .put("path", "/classify");
    event.put("body", Base64.getEncoder().encodeToString(image)).put("isBase64Encoded", true);
    return event.toString();
  }
}
