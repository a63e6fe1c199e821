package io.pigeonhole.versions;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pigeonhole.api.Access;
import io.pigeonhole.api.Answer;
import io.pigeonhole.api.Api;
import io.pigeonhole.api.Level;
import io.pigeonhole.api.Origins;
import io.pigeonhole.inference.ColorModel;
import io.pigeonhole.model.FolderModelStore;
import io.pigeonhole.model.Manifest;
import io.pigeonhole.model.ModelRepository;
import io.pigeonhole.testkit.Invocation;
import io.pigeonhole.testkit.SampleEvents;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromoteHandlerTest {
  @TempDir Path bucket;

  private Manifest manifest;
  private Manifest newer;
  private ModelRepository repository;
  private PromoteHandler handler;

  @BeforeEach
  void publish() throws Exception {
    manifest = new ColorModel(bucket).standard();
    newer = new ColorModel(bucket, manifest.createdAt()).published();
    repository = new ModelRepository(new FolderModelStore(bucket), manifest.name());
    handler = handler(Access.ofEverybody());
  }

  private PromoteHandler handler(Access access) {
    return new PromoteHandler(
        new Api(
            List.of(new PromoteVersion(repository).operation()), new Origins(Set.of()), access));
  }

  @Test
  void putsAVersionIntoService() throws Exception {
    assertThat(answered(200, promote(newer.version().value(), "")).path("inService").asText())
        .isEqualTo(newer.version().value());
    assertThat(inService()).isEqualTo(newer.version().value());
    answered(200, promote(newer.version().value(), "{\"force\":true}"));
    answered(200, promote(manifest.version().value(), ""));
    assertThat(inService()).isEqualTo(manifest.version().value());
    answered(404, promote("20990101T000000Z-00000000", ""));
    answered(404, promote("none", ""));
  }

  @Test
  void doesSoForAdministratorsOnly() throws Exception {
    handler =
        handler(new Access(Level.READ, List.of(), List.of("", "write", "admin"), "groups", true));
    String version = newer.version().value();
    assertThat(answered(401, promote(version, "")).path("code").asText()).isEqualTo("sign-in");
    answered(403, promote(version, "", Map.of("groups", "[write]")));
    assertThat(inService()).isEqualTo(manifest.version().value());
    answered(200, promote(version, "", Map.of("groups", "[write admin]")));
    assertThat(inService()).isEqualTo(version);
  }

  @Test
  void doesNothingElse() throws Exception {
    ObjectNode event = event("/models", Map.of());
    event.withObject("/requestContext/http").put("method", "GET");
    answered(404, handle(event));
  }

  private String inService() throws Exception {
    return repository.current().orElseThrow().manifest().version().value();
  }

  private JsonNode promote(String version, String body) throws Exception {
    return promote(version, body, Map.of());
  }

  private JsonNode promote(String version, String body, Map<String, String> claims)
      throws Exception {
    return handle(event("/models/" + version + "/promote", claims).put("body", body));
  }

  private static ObjectNode event(String path, Map<String, String> claims) throws Exception {
    ObjectNode event =
        (ObjectNode) Answer.JSON.readTree(SampleEvents.text("classify-get-models.json"));
    ObjectNode context = (ObjectNode) event.put("rawPath", path).path("requestContext");
    context.withObject("/http").put("method", "POST");
    if (!claims.isEmpty()) {
      ObjectNode all = context.putObject("authorizer").putObject("jwt").putObject("claims");
      claims.forEach(all::put);
    }
    return event;
  }

  private JsonNode handle(JsonNode event) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    handler.handleRequest(
        new ByteArrayInputStream(Answer.JSON.writeValueAsBytes(event)), out, new Invocation());
    return Answer.JSON.readTree(out.toByteArray());
  }

  private static JsonNode answered(int status, JsonNode response) throws Exception {
    assertThat(response.path("statusCode").asInt())
        .as(response.path("body").asText())
        .isEqualTo(status);
    return Answer.JSON.readTree(response.path("body").asText());
  }
}
