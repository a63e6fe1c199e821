package io.pigeonhole.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.pigeonhole.command.Json;
import io.pigeonhole.command.Terminal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** The API, and where it is. */
public final class Api {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** The address of an upload is good for no longer. */
  private static final Duration UPLOAD = Duration.ofMinutes(15);

  private static final int TRIES = 4;
  private static final int NO_CONTENT = 204;

  /** Nobody but us has put it there, and the answer to that was lost: addresses are for one. */
  private static final int ALREADY_THERE = 412;

  /** Made with the first request: every command of the program has an API, and few ask it. */
  private static final class Connections {
    static final HttpClient HTTP =
        HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
  }

  @Option(
      names = "--api",
      paramLabel = "URL",
      defaultValue = "${env:PIGEONHOLE_API:-http://localhost:8080}",
      converter = Address.class,
      description = {
        "Where the API is (default: the environment variable PIGEONHOLE_API, or"
            + " http://localhost:8080)."
      })
  private URI address;

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      defaultValue = "${env:PIGEONHOLE_TOKEN}",
      description = {
        "Sent as the bearer token, where the API asks for one (default: the environment variable"
            + " PIGEONHOLE_TOKEN)."
      })
  private Optional<String> token;

  /** Reads the address of an API. */
  static final class Address implements CommandLine.ITypeConverter<URI> {
    private static final Pattern ADDRESS =
        Pattern.compile("https?://[a-zA-Z0-9.:_\\[\\]-]+(/[\\w./~%-]*)?");

    @Override
    public URI convert(String text) {
      if (!ADDRESS.matcher(text).matches()) {
        throw new CommandLine.TypeConversionException(
            "expected an address such as https://host, found '%s'"
                .formatted(Terminal.printable(text)));
      }
      return URI.create(text);
    }
  }

  /** What is at a path. */
  public JsonNode get(String path) throws IOException, InterruptedException {
    return send(request(path).GET());
  }

  /** Posts, and returns the answer. */
  public JsonNode post(String path, String type, byte[] body)
      throws IOException, InterruptedException {
    return send(
        request(path)
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
  }

  JsonNode put(String path, JsonNode body) throws IOException, InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .PUT(HttpRequest.BodyPublishers.ofString(body.toString())));
  }

  /**
   * Puts a file into the bucket.
   *
   * @param place what {@code POST /uploads} answered
   */
  void store(JsonNode place, Path file) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(place.path("url").asText()))
            .timeout(UPLOAD)
            .PUT(HttpRequest.BodyPublishers.ofFile(file));
    place
        .path("headers")
        .properties()
        .forEach(header -> request.header(header.getKey(), header.getValue().asText()));
    HttpResponse<byte[]> response =
        patiently(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    if (response.statusCode() >= 300 && response.statusCode() != ALREADY_THERE) {
      throw new IOException("the images bucket answered with status " + response.statusCode());
    }
  }

  /** Posts nothing, and hears the lines of the answer, of that type, as they come. */
  void lines(String path, String type, Consumer<String> line)
      throws IOException, InterruptedException {
    HttpRequest request =
        builder(path).header("Accept", type).POST(HttpRequest.BodyPublishers.noBody()).build();
    HttpResponse<InputStream> response = answer(request, HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream body = response.body()) {
      if (response.statusCode() != 200) {
        throw problem(response.statusCode(), body.readAllBytes());
      }
      new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8)).lines().forEach(line);
    }
  }

  /** A part of a path. */
  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private HttpRequest.Builder request(String path) {
    return builder(path).timeout(PATIENCE);
  }

  private HttpRequest.Builder builder(String path) {
    String base = address.toString().replaceAll("/+$", "");
    HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(base + path));
    token.filter(t -> !t.isBlank()).ifPresent(t -> builder.header("Authorization", "Bearer " + t));
    return builder;
  }

  private JsonNode send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<byte[]> response =
        patiently(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    if (response.statusCode() >= 300) {
      throw problem(response.statusCode(), response.body());
    }
    return response.statusCode() == NO_CONTENT || response.body().length == 0
        ? Json.MAPPER.createObjectNode()
        : Json.MAPPER.readTree(response.body());
  }

  /** Asks again while the other side says that it is busy. */
  private <T> HttpResponse<T> patiently(HttpRequest request, HttpResponse.BodyHandler<T> handler)
      throws IOException, InterruptedException {
    HttpResponse<T> response = answer(request, handler);
    for (int i = 1; i < TRIES && isBusy(response.statusCode()); i++) {
      TimeUnit.SECONDS.sleep(pause(response, i));
      response = answer(request, handler);
    }
    return response;
  }

  private <T> HttpResponse<T> answer(HttpRequest request, HttpResponse.BodyHandler<T> handler)
      throws IOException, InterruptedException {
    try {
      return Connections.HTTP.send(request, handler);
    } catch (ConnectException e) {
      throw new IOException("nothing answers at %s: is it running?".formatted(of(request)), e);
    }
  }

  private static String of(HttpRequest request) {
    return request.uri().getScheme() + "://" + request.uri().getAuthority();
  }

  private static boolean isBusy(int status) {
    return status == 429 || status == 503;
  }

  /** As asked for, or longer each time: a gateway that throttles does not say how long. */
  private static long pause(HttpResponse<?> response, int tried) {
    return Math.min(
        10, response.headers().firstValueAsLong("Retry-After").orElse(1L << (tried - 1)));
  }

  private static String hint(int status) {
    return switch (status) {
      case 401 -> " (--token or PIGEONHOLE_TOKEN gives a token; it may have ended)";
      case 403 -> " (who runs the API says who may do this)";
      default -> "";
    };
  }

  private static ApiProblem problem(int status, byte[] body) {
    try {
      JsonNode problem = Json.MAPPER.readTree(body);
      String detail = problem.path("detail").asText(problem.path("message").asText());
      if (!detail.isEmpty()) {
        String code = problem.path("code").asText();
        return new ApiProblem(status, code, Terminal.printable(detail) + hint(status));
      }
    } catch (IOException e) {
      // it is no problem detail
    }
    return new ApiProblem(status, "", "the API answered with status " + status);
  }
}
