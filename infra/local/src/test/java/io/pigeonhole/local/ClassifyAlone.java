package io.pigeonhole.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.pigeonhole.local.s3.LocalS3;
import io.pigeonhole.testkit.SampleEvents;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import software.amazon.awssdk.services.s3.S3Client;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The function behind the API, and an S3 server: events reach it from tests, and no gateway. */
final class ClassifyAlone implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final LocalS3 s3;
  private final LoneFunction classify;

  /**
   * Starts both.
   *
   * @param caller in whose name it asks S3: one that {@code PolicyIT} does not know may do what the
   *     template's default parameters do not allow
   * @param more of its environment
   */
  ClassifyAlone(Path data, String caller, Map<String, String> more)
      throws IOException, InterruptedException, StartException {
    s3 = new LocalS3(data, Buckets.ALL, created -> {});
    LoneFunction.serve(s3.endpoint());
    classify =
        new LoneFunction(
            "classify",
            s3.endpoint(),
            data,
            environment -> {
              environment.put("AWS_ACCESS_KEY_ID", caller);
              environment.putAll(more);
            },
            System.out::println);
  }

  S3Client s3() {
    return s3.client();
  }

  /** A sample of an event. */
  static ObjectNode sample(String name) throws IOException {
    return (ObjectNode) JSON.readTree(SampleEvents.text(name));
  }

  /** What the function hands to whoever has sent an event. */
  JsonNode answer(JsonNode event) throws Exception {
    return classify.answer(event);
  }

  /** The JSON in an answer of this status. */
  JsonNode body(int status, JsonNode event) throws Exception {
    JsonNode answer = answer(event);
    assertThat(answer.path("statusCode").asInt()).as("%s", answer).isEqualTo(status);
    assertThat(answer.path("isBase64Encoded").asBoolean()).isFalse();
    return JSON.readTree(answer.path("body").asString());
  }

  @Override
  public void close() {
    classify.close();
    s3.close();
  }
}
