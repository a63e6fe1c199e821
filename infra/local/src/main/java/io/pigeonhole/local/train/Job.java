package io.pigeonhole.local.train;

import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A job, as AWS Batch tells of it. */
final class Job {
  private final String id = UUID.randomUUID().toString();
  private final ObjectNode json;

  /** A job that was just submitted. */
  Job(JsonNode request) {
    json =
        JsonMapper.shared()
            .createObjectNode()
            .put("jobId", id)
            .put("jobArn", "arn:aws:batch:us-east-1:000000000000:job/" + id)
            .put("jobName", request.path("jobName").asString())
            .put("jobQueue", request.path("jobQueue").asString())
            .put("status", "SUBMITTED")
            .put("createdAt", System.currentTimeMillis());
    json.set("parameters", request.path("parameters"));
  }

  String id() {
    return id;
  }

  synchronized String name() {
    return json.path("jobName").asString();
  }

  synchronized void started() {
    json.put("status", "RUNNING").put("startedAt", System.currentTimeMillis());
  }

  /** Ends it; 0 is a success. */
  synchronized void ended(int exitCode, String reason) {
    json.put("status", exitCode == 0 ? "SUCCEEDED" : "FAILED")
        .put("statusReason", reason)
        .put("stoppedAt", System.currentTimeMillis());
    json.putObject("container").put("exitCode", exitCode);
  }

  /** Its present state. */
  synchronized ObjectNode json() {
    return json.deepCopy();
  }
}
