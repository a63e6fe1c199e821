package io.pigeonhole.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pigeonhole.model.StoredLabel;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole API through the gateway; every answer is as the API describes it. */
@ExtendWith(RunningProduct.Shared.class)
class ApiIT {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final RunningProduct product;
  private Described described;

  ApiIT(RunningProduct product) {
    this.product = product;
  }

  @BeforeEach
  void readDescription() throws Exception {
    described = new Described(product.get("/openapi.json").body());
  }

  @Test
  void takesAnImagePastTheGatewayAndTellsWhereItIs() throws Exception {
    byte[] image = Scenes.jpeg("frog");
    JsonNode upload =
        answered(
            201,
            send(
                "POST",
                "/uploads",
                Map.of("name", "<b>.jpg", "size", image.length, "type", "image/jpeg")));
    assertThat(put(upload, image)).isEqualTo(200);
    assertThat(put(upload, Scenes.jpeg("ship"))).isEqualTo(412);
    String key = upload.path("key").asString();
    product.awaitResult(key);
    JsonNode result = answered(200, send("GET", "/images/" + RunningProduct.encoded(key)));
    assertThat(result.path("label").asString()).isIn(Scenes.CLASSES);
    HttpRequest get = HttpRequest.newBuilder(URI.create(result.path("image").asString())).build();
    assertThat(HTTP.send(get, BodyHandlers.ofByteArray()).body()).isEqualTo(image);
  }

  private static int put(JsonNode upload, byte[] image) throws Exception {
    HttpRequest.Builder put =
        HttpRequest.newBuilder(URI.create(upload.path("url").asString()))
            .PUT(BodyPublishers.ofByteArray(image));
    upload
        .path("headers")
        .properties()
        .forEach(header -> put.header(header.getKey(), header.getValue().asString()));
    return HTTP.send(put.build(), BodyHandlers.discarding()).statusCode();
  }

  @Test
  void listsAPigeonholePageByPage() throws Exception {
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      String key = "paged/é " + i + ".jpg";
      product.upload(key, Scenes.jpeg("ship"));
      keys.add(key);
    }
    for (String key : keys) {
      product.awaitResult(key);
      answered(200, correct(key, "paged boats"));
    }
    List<String> listed = new ArrayList<>();
    String cursor = "";
    do {
      JsonNode page = answered(200, send("GET", "/labels/paged%20boats?limit=2&cursor=" + cursor));
      assertThat(page.path("images").size()).isBetween(1, 2);
      page.path("images").forEach(image -> listed.add(image.path("key").asString()));
      cursor = page.path("nextCursor").asString("");
    } while (!cursor.isEmpty());
    assertThat(listed).containsExactlyElementsOf(keys);
    answered(400, send("GET", "/labels/ship?cursor=%25"));
    answered(400, send("GET", "/labels/ship?limit=0"));
    assertThat(answered(200, send("GET", "/labels/none")).path("images")).isEmpty();
  }

  @Test
  void listsKeysThatXmlCannotSay() throws Exception {
    List<String> keys = List.of("odd/\u0001.jpg", "odd/\n\t.jpg", "odd/\u202e<&>\"'.jpg");
    for (String key : keys) {
      product.upload(key, Scenes.jpeg("ship"));
      product.awaitResult(key);
      answered(200, correct(key, "merkwürdig 変"));
    }
    List<String> listed = new ArrayList<>();
    String cursor = "";
    do {
      String label = RunningProduct.encoded("merkwürdig 変");
      JsonNode page = answered(200, send("GET", "/labels/" + label + "?limit=1&cursor=" + cursor));
      page.path("images").forEach(image -> listed.add(image.path("key").asString()));
      cursor = page.path("nextCursor").asString("");
    } while (!cursor.isEmpty());
    assertThat(listed).containsExactlyInAnyOrderElementsOf(keys);
    assertThat(label(answered(200, send("GET", "/labels")), "merkwürdig 変").path("count").asInt())
        .isEqualTo(3);
    answered(200, send("GET", "/corrections?limit=200"));
  }

  @Test
  void filesUnderLabelsThatTagsOfS3CannotHold() throws Exception {
    product.upload("scripts/a.jpg", Scenes.jpeg("ship"));
    product.awaitResult("scripts/a.jpg");
    for (String label : List.of("R&B", "don't", "\u0938\u0947\u092c", "\ud83c\udf4e 50%")) {
      assertThat(answered(200, correct("scripts/a.jpg", label)).path("label").asString())
          .isEqualTo(label);
      assertThat(label(answered(200, send("GET", "/labels")), label).path("count").asInt())
          .isEqualTo(1);
      assertThat(product.tags("scripts/a.jpg").get("label")).isEqualTo(StoredLabel.of(label));
      String path = "/labels/" + RunningProduct.encoded(label);
      assertThat(answered(200, send("GET", path)).at("/images/0/key").asString())
          .isEqualTo("scripts/a.jpg");
    }
  }

  @Test
  void filesLettersWithTheirAccentsAsOne() throws Exception {
    product.upload("scripts/b.jpg", Scenes.jpeg("ship"));
    product.awaitResult("scripts/b.jpg");
    assertThat(answered(200, correct("scripts/b.jpg", "Vo\u0308gel")).path("label").asString())
        .isEqualTo("V\u00f6gel");
  }

  @Test
  void countsThePigeonholes() throws Exception {
    product.upload("counted.jpg", Scenes.jpeg("horse"));
    product.awaitResult("counted.jpg");
    answered(200, correct("counted.jpg", "unicorn"));
    JsonNode labels = answered(200, send("GET", "/labels"));
    JsonNode unicorn = label(labels, "unicorn");
    assertThat(unicorn.path("count").asInt()).isEqualTo(1);
    assertThat(unicorn.path("known").asBoolean()).isFalse();
    assertThat(label(labels, "cat").path("known").asBoolean()).isTrue();
    assertThat(labels.at("/corrected/count").asInt()).isPositive();
    JsonNode first = answered(200, send("GET", "/labels?limit=1"));
    assertThat(first.path("labels").size()).isEqualTo(1);
    JsonNode second =
        answered(200, send("GET", "/labels?limit=1&cursor=" + first.path("nextCursor").asString()));
    assertThat(second.at("/labels/0/label")).isNotEqualTo(first.at("/labels/0/label"));
  }

  private static JsonNode label(JsonNode labels, String name) {
    for (JsonNode label : labels.path("labels")) {
      if (label.path("label").asString().equals(name)) {
        return label;
      }
    }
    throw new AssertionError("no " + name + " among " + labels);
  }

  @Test
  void sendsAResultAgainOnlyWhenItHasChanged() throws Exception {
    product.upload("conditional.jpg", Scenes.jpeg("dog"));
    product.awaitResult("conditional.jpg");
    String etag = etag(send("GET", "/images/conditional.jpg"));
    assertThat(sendWith("If-None-Match", etag, "GET", "/images/conditional.jpg", "").statusCode())
        .isEqualTo(304);
    String body = JSON.writeValueAsString(Map.of("label", "wolf"));
    HttpResponse<String> corrected =
        sendWith("If-Match", etag, "PUT", "/images/conditional.jpg/label", body);
    answered(200, corrected);
    assertThat(sendWith("If-None-Match", etag, "GET", "/images/conditional.jpg", "").statusCode())
        .isEqualTo(200);
    answered(412, sendWith("If-Match", etag, "PUT", "/images/conditional.jpg/label", body));
    answered(
        200, sendWith("If-Match", etag(corrected), "PUT", "/images/conditional.jpg/label", body));
  }

  private static String etag(HttpResponse<String> response) {
    return response.headers().firstValue("etag").orElseThrow();
  }

  @Test
  void explainsALabelInAGridAndInAPicture() throws Exception {
    byte[] image = Scenes.jpeg("airplane");
    JsonNode answer = answered(200, product.post("/classify?explain=true", "image/jpeg", image));
    assertThat(answer.at("/explanation/label")).isEqualTo(answer.path("label"));
    assertThat(answer.at("/explanation/grid").size()).isEqualTo(8);
    HttpRequest request =
        HttpRequest.newBuilder(product.product().api().resolve("/classify?explain=true"))
            .header("Content-Type", "image/jpeg")
            .header("Accept", "image/png")
            .POST(BodyPublishers.ofByteArray(image))
            .build();
    HttpResponse<byte[]> picture = HTTP.send(request, BodyHandlers.ofByteArray());
    assertThat(picture.headers().firstValue("content-type")).contains("image/png");
    assertThat(picture.body()).startsWith(0x89, 'P', 'N', 'G');
  }

  @Test
  void saysWhatIsWrong() throws Exception {
    answered(404, send("GET", "/images/none.jpg"));
    answered(
        404,
        product.post("/classify", "application/json", "{\"key\":\"\\u0000\"}".getBytes(UTF_8)));
    answered(404, correct("none.jpg", "cat"));
    answered(404, send("POST", "/models/20200101T000000Z-00000000/promote"));
    answered(404, send("GET", "/models/20200101T000000Z-00000000/report"));
    product.upload("text.jpg", "text".getBytes(UTF_8));
    product.awaitResult("text.jpg");
    answered(409, correct("text.jpg", "cat"));
    answered(422, correct("text.jpg", "a/b"));
    answered(415, product.post("/classify", "text/html", "<p>".getBytes(UTF_8)));
    HttpResponse<String> method = sendWith("X-No", "1", "DELETE", "/models", "");
    assertThat(method.statusCode()).isEqualTo(405);
    assertThat(method.headers().firstValue("allow")).contains("GET, HEAD, OPTIONS");
  }

  @Test
  void answersToHeadAndOptions() throws Exception {
    HttpResponse<String> head = sendWith("X-No", "1", "HEAD", "/models", "");
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertThat(etag(head)).isNotEmpty();
    assertThat(sendWith("X-No", "1", "OPTIONS", "/models", "").statusCode()).isEqualTo(204);
  }

  @Test
  void compressesForWhomCanRead() throws Exception {
    HttpResponse<String> plain = send("GET", "/openapi.json");
    HttpResponse<String> small = sendWith("Accept-Encoding", "gzip", "GET", "/openapi.json", "");
    assertThat(small.headers().firstValue("content-encoding")).contains("gzip");
    assertThat(Integer.parseInt(small.headers().firstValue("content-length").orElseThrow()))
        .isLessThan(plain.body().length() / 3);
  }

  @Test
  void listsTheVersionsOfTheModel() throws Exception {
    JsonNode models = answered(200, send("GET", "/models"));
    assertThat(models.at("/versions/0/metrics/perClass").size()).isEqualTo(10);
    answered(200, send("POST", "/models/" + models.path("inService").asString() + "/promote"));
  }

  @Test
  void listsTheBasesOfTrainings() throws Exception {
    assertThat(answered(200, send("GET", "/bases")).path("bases").valueStream())
        .extracting(base -> base.path("name").asString() + " " + base.path("source").asString())
        .contains("mobilenet-v2 known");
  }

  private HttpResponse<String> correct(String key, String label)
      throws IOException, InterruptedException {
    return send("PUT", "/images/" + RunningProduct.encoded(key) + "/label", Map.of("label", label));
  }

  private HttpResponse<String> send(String method, String path)
      throws IOException, InterruptedException {
    return sendWith("X-No", "1", method, path, "");
  }

  private HttpResponse<String> send(String method, String path, Map<String, ?> json)
      throws IOException, InterruptedException {
    return sendWith("X-No", "1", method, path, JSON.writeValueAsString(json));
  }

  private HttpResponse<String> sendWith(
      String header, String value, String method, String path, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(product.product().api().resolve(path))
            .header("Content-Type", "application/json")
            .header(header, value)
            .method(method, BodyPublishers.ofString(body))
            .build();
    return HTTP.send(request, BodyHandlers.ofString());
  }

  private JsonNode answered(int status, HttpResponse<String> response) throws Exception {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    described.check(response);
    return JSON.readTree(response.body());
  }
}
