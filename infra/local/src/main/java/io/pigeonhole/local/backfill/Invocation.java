package io.pigeonhole.local.backfill;

import io.pigeonhole.local.lambda.Outcome;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Some tasks of a job in one invocation, in <a
 * href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-invoke-lambda.html">schema
 * 2.0</a>. A task's id is its place among them.
 */
record Invocation(String job, String bucket, List<String> keys) {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Pattern LABEL = Pattern.compile(".+ [01]\\.[0-9]{2}( review: [a-z]+)?");

  /** What is said of a task: a result code, and words. */
  record Verdict(Code code, String said) {
    /** Whether the words end as those of a label do: a result may also say why there is none. */
    boolean isLabel() {
      return code == Code.Succeeded && LABEL.matcher(said).matches();
    }
  }

  /** The result codes. */
  enum Code {
    Succeeded,
    TemporaryFailure,
    PermanentFailure
  }

  byte[] event() {
    ObjectNode event =
        JSON.createObjectNode()
            .put("invocationSchemaVersion", "2.0")
            .put("invocationId", UUID.randomUUID().toString());
    event.putObject("job").put("id", job).putObject("userArguments");
    ArrayNode tasks = event.putArray("tasks");
    for (int i = 0; i < keys.size(); i++) {
      tasks
          .addObject()
          .put("taskId", String.valueOf(i))
          .put("s3Key", URLEncoder.encode(keys.get(i), StandardCharsets.UTF_8))
          .putNull("s3VersionId")
          .put("s3Bucket", bucket);
    }
    return JSON.writeValueAsBytes(event);
  }

  /** What the function says of each key, in their order; of all the same if it failed. */
  Map<String, Verdict> verdicts(Outcome outcome) {
    Map<String, Verdict> verdicts = new LinkedHashMap<>();
    if (outcome instanceof Outcome.Failed failed) {
      keys.forEach(key -> verdicts.put(key, temporary(failed.toString())));
      return verdicts;
    }
    JsonNode answer = answer(((Outcome.Responded) outcome).payload());
    Code missing = code(answer.path("treatMissingKeysAs").asString());
    keys.forEach(
        key -> verdicts.put(key, new Verdict(missing, "the function said nothing of this task")));
    for (JsonNode result : answer.path("results")) {
      int task = result.path("taskId").asInt(-1);
      if (task >= 0 && task < keys.size()) {
        verdicts.put(
            keys.get(task),
            new Verdict(
                code(result.path("resultCode").asString()),
                result.path("resultString").asString()));
      }
    }
    return verdicts;
  }

  private static JsonNode answer(byte[] payload) {
    try {
      return JSON.readTree(payload);
    } catch (JacksonException e) {
      return JSON.missingNode();
    }
  }

  private static Code code(String name) {
    for (Code code : Code.values()) {
      if (code.name().equals(name)) {
        return code;
      }
    }
    return Code.TemporaryFailure;
  }

  private static Verdict temporary(String why) {
    return new Verdict(Code.TemporaryFailure, why);
  }
}
