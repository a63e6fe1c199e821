package io.pigeonhole.local;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Puts the models that come with the repository into the models bucket. What is there is left
 * alone, so that a model that the user has promoted stays in service.
 */
final class BundledModels {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final Path folder;

  /** The models under {@code folder}, which is laid out as a models bucket. */
  BundledModels(Path folder) {
    this.folder = folder;
  }

  /**
   * Copies what is missing, in the order in which a publisher writes it.
   *
   * @return how many files were copied
   */
  int copyTo(URI endpoint, String bucket) throws IOException, InterruptedException {
    int copied = 0;
    for (Path file : files()) {
      String key = folder.relativize(file).toString().replace('\\', '/');
      if (putIfAbsent(endpoint, bucket, key, file)) {
        copied++;
      }
    }
    return copied;
  }

  private List<Path> files() throws IOException {
    Path models = folder.resolve("models");
    if (!Files.isDirectory(models)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(models)) {
      return files
          .filter(Files::isRegularFile)
          .sorted(Comparator.comparing(BundledModels::rank).thenComparing(file -> file))
          .toList();
    }
  }

  /** Manifests make a version exist, pointers put it into service. */
  private static int rank(Path file) {
    return switch (file.getFileName().toString()) {
      case "current.json" -> 2;
      case "manifest.json" -> 1;
      default -> 0;
    };
  }

  private static boolean putIfAbsent(URI endpoint, String bucket, String key, Path file)
      throws IOException, InterruptedException {
    String path = URLEncoder.encode(key, StandardCharsets.UTF_8).replace("%2F", "/");
    String type = key.endsWith(".json") ? "application/json" : "application/octet-stream";
    HttpRequest put =
        HttpRequest.newBuilder(endpoint.resolve("/" + bucket + "/" + path.replace("+", "%20")))
            .header("If-None-Match", "*")
            .header("Content-Type", type)
            .PUT(HttpRequest.BodyPublishers.ofFile(file))
            .build();
    HttpResponse<String> response = HTTP.send(put, HttpResponse.BodyHandlers.ofString());
    return switch (response.statusCode()) {
      case 200 -> true;
      case 412 -> false;
      default ->
          throw new IOException(
              "cannot copy %s to the bucket %s: %s".formatted(file, bucket, response.body()));
    };
  }
}
