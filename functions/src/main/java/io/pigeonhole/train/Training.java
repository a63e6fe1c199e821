package io.pigeonhole.train;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pigeonhole.api.Answer;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * A training, as AWS Batch knows it.
 *
 * @param id of the job
 * @param status of the job, <a
 *     href="https://docs.aws.amazon.com/batch/latest/userguide/job_states.html">as AWS Batch calls
 *     it</a>
 * @param reason what else AWS Batch says of the status; may be empty
 */
record Training(
    String id,
    String status,
    String reason,
    TrainingRequest request,
    Optional<Instant> createdAt,
    Optional<Instant> startedAt,
    Optional<Instant> stoppedAt) {
  static final String SUBMITTED = "SUBMITTED";
  private static final Set<String> ENDED = Set.of("SUCCEEDED", "FAILED");

  /** A job that AWS Batch has only just taken. */
  static Training submitted(String id, TrainingRequest request, Instant at) {
    return new Training(
        id, SUBMITTED, "", request, Optional.of(at), Optional.empty(), Optional.empty());
  }

  /** Whether it is still to end. */
  boolean isActive() {
    return !ENDED.contains(status);
  }

  ObjectNode json() {
    ObjectNode json = Answer.JSON.createObjectNode().put("id", id).put("status", status);
    if (!reason.isEmpty()) {
      json.put("reason", reason);
    }
    json.put("recipe", request.recipe());
    if (!request.base().isEmpty()) {
      json.put("base", request.base());
    }
    json.put("data", request.data()).put("name", request.name());
    createdAt.ifPresent(at -> json.put("createdAt", at.toString()));
    startedAt.ifPresent(at -> json.put("startedAt", at.toString()));
    stoppedAt.ifPresent(at -> json.put("stoppedAt", at.toString()));
    return json;
  }
}
