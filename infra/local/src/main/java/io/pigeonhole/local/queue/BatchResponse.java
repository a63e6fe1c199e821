package io.pigeonhole.local.queue;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a function says about a batch.
 *
 * @param failed the ids of the messages to try again
 * @param problem why the response could not be understood; all have failed then
 * @see <a
 *     href="https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting">Partial
 *     batch responses</a>
 */
record BatchResponse(Set<String> failed, Optional<String> problem) {
  private static final JsonMapper JSON = JsonMapper.shared();

  /**
   * Reads a function's response. By Lambda's rules, nothing at all, {@code null}, and an empty or
   * missing list mean success; an id that is empty, missing, or not of this batch means that all
   * failed, as does anything that is not JSON.
   */
  static BatchResponse parse(byte[] response, Set<String> batch) {
    JsonNode json;
    try {
      json = JSON.readTree(response);
    } catch (JacksonException e) {
      return allFailed(batch, "the response is not JSON: " + e.getOriginalMessage());
    }
    if (json == null || json.isMissingNode() || json.isNull()) {
      return new BatchResponse(Set.of(), Optional.empty());
    }
    JsonNode failures = json.path("batchItemFailures");
    if (failures.isMissingNode() || failures.isNull()) {
      return new BatchResponse(Set.of(), Optional.empty());
    }
    if (!failures.isArray()) {
      return allFailed(batch, "batchItemFailures is not an array but " + failures);
    }
    Set<String> failed = new HashSet<>();
    for (JsonNode failure : failures) {
      JsonNode id = failure.path("itemIdentifier");
      if (!id.isString() || !batch.contains(id.asString())) {
        return allFailed(batch, "batchItemFailures names " + failure + ", not of this batch");
      }
      failed.add(id.asString());
    }
    return new BatchResponse(failed, Optional.empty());
  }

  private static BatchResponse allFailed(Set<String> batch, String problem) {
    return new BatchResponse(batch, Optional.of(problem));
  }
}
