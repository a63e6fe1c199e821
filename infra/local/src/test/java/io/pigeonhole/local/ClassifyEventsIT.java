package io.pigeonhole.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What asks the API, fed to the packaged function as whatever stands in front of it sends it. */
class ClassifyEventsIT {
  @TempDir private static Path data;
  @AutoClose private static ClassifyAlone classify;

  @BeforeAll
  static void start() throws Exception {
    classify = new ClassifyAlone(data, "classify", Map.of());
  }

  /** Each asks for three predictions; the load balancer's query is not decoded. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "classify-alb.json",
        "classify-function-url.json",
        "classify-post.json",
        "classify-post-rest.json"
      })
  void classifiesTheImageInTheBody(String sample) throws Exception {
    JsonNode answer = classify.body(200, ClassifyAlone.sample(sample));
    assertThat(answer.path("label").asString()).isIn(Scenes.CLASSES);
    assertThat(answer.path("predictions")).hasSize(3);
  }

  @Test
  void answersALoadBalancerInItsForm() throws Exception {
    ObjectNode single = ClassifyAlone.sample("classify-alb.json");
    JsonNode answer = classify.answer(single);
    assertThat(answer.path("headers").path("Content-Type").asString())
        .isEqualTo("application/json");

    ObjectNode multi = ClassifyAlone.sample("classify-alb.json");
    multi.putObject("multiValueHeaders");
    multi
        .remove("headers")
        .properties()
        .forEach(
            header -> {
              multi.withArray("/multiValueHeaders/" + header.getKey()).add(header.getValue());
            });
    multi.remove("queryStringParameters");
    multi.withArray("/multiValueQueryStringParameters/top").add("%33");
    JsonNode answered = classify.answer(multi);
    assertThat(answered.path("statusCode").asInt()).as("%s", answered).isEqualTo(200);
    assertThat(answered.at("/multiValueHeaders/Content-Type/0").asString())
        .isEqualTo("application/json");
  }

  @Test
  void answersWhatIsAskedOfItsLists() throws Exception {
    assertThat(
            classify.body(200, ClassifyAlone.sample("classify-get-models.json")).path("versions"))
        .isNotEmpty();
    assertThat(
            classify
                .body(404, ClassifyAlone.sample("classify-get-image.json"))
                .path("detail")
                .asString())
        .contains("no result yet");
  }

  @Test
  void readsListsAndPutsNothingButBelowItsPrefix(@TempDir Path other) throws Exception {
    Map<String, String> prefix = Map.of("PIGEONHOLE_IMAGES_PREFIX", "photos/");
    try (ClassifyAlone below = new ClassifyAlone(other, "prefixed", prefix)) {
      for (String key : new String[] {"photos/cat.jpg", "secret/cat.jpg"}) {
        below
            .s3()
            .putObject(r -> r.bucket("images").key(key), RequestBody.fromBytes(Scenes.jpeg("cat")));
        below
            .s3()
            .putObject(
                r -> r.bucket("results").key("labels/" + key + ".json"),
                RequestBody.fromString(
                    "{\"bucket\":\"images\",\"key\":\"%s\",\"etag\":\"0\",\"label\":\"cat\",\"confidence\":0.9,\"labeledAt\":\"2026-01-15T09:30:00Z\"}"
                        .formatted(key)));
        below
            .s3()
            .putObject(r -> r.bucket("results").key("by-label/cat/" + key), RequestBody.empty());
      }
      assertThat(
              below
                  .body(200, json("POST", "/classify", "{\"key\":\"photos/cat.jpg\"}"))
                  .path("label")
                  .asString())
          .isIn(Scenes.CLASSES);
      below.body(403, json("POST", "/classify", "{\"key\":\"secret/cat.jpg\"}"));
      ObjectNode explained = json("POST", "/classify", "{\"key\":\"secret/cat.jpg\"}");
      explained.put("rawQueryString", "explain=true");
      explained.putObject("queryStringParameters").put("explain", "true");
      assertThat(below.body(403, explained).path("code").asString()).isEqualTo("outside");
      assertThat(
              below.body(200, json("GET", "/images/photos/cat.jpg", "")).path("image").asString())
          .contains("/images/photos/cat.jpg");
      below.body(403, json("GET", "/images/secret/cat.jpg", ""));
      below.body(403, json("PUT", "/images/secret/cat.jpg/label", "{\"label\":\"dog\"}"));
      JsonNode listed = below.body(200, json("GET", "/labels/cat", "")).path("images");
      assertThat(listed).hasSize(1);
      assertThat(listed.at("/0/key").asString()).isEqualTo("photos/cat.jpg");
      for (JsonNode label : below.body(200, json("GET", "/labels", "")).path("labels")) {
        assertThat(label.path("count").asInt())
            .isEqualTo(label.path("label").asString().equals("cat") ? 1 : 0);
      }
      assertThat(
              below
                  .body(201, json("POST", "/uploads", "{\"name\":\"a.jpg\",\"size\":7}"))
                  .path("key")
                  .asString())
          .startsWith("photos/uploads/");
    }
  }

  private static ObjectNode json(String method, String path, String body) throws Exception {
    ObjectNode event = ClassifyAlone.sample("classify-get-models.json");
    event.put("rawPath", path).put("body", body);
    event.withObject("/requestContext/http").put("method", method).put("path", path);
    event.withObject("/headers").put("content-type", "application/json");
    return event;
  }
}
