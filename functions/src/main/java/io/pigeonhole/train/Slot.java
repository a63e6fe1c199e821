package io.pigeonhole.train;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.pigeonhole.model.ModelStore;
import io.pigeonhole.model.ModelStore.Fetched;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/**
 * The one place for a training: an object in the models bucket that is only ever replaced by who
 * has seen it. Whoever claims it may submit the job of the name in it, and nobody else may.
 */
final class Slot {
  static final String KEY = "trainings/slot.json";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final ModelStore store;

  Slot(ModelStore store) {
    this.store = store;
  }

  /** Who has the slot: the name of a job that was, or is about to be, submitted. */
  record Claim(String jobName, Instant at) {}

  /**
   * What is in the slot.
   *
   * @param claim empty if nobody has it
   * @param etag empty if the object is not there
   */
  record Content(Optional<Claim> claim, Optional<String> etag) {}

  Content read() throws IOException {
    if (store.get(KEY) instanceof Fetched.Found found) {
      return new Content(claim(found.bytes()), Optional.of(found.etag()));
    }
    return new Content(Optional.empty(), Optional.empty());
  }

  /** Takes the slot, unless it is no longer as seen: then nothing happens, and this is false. */
  boolean claim(Claim claim, Content seen) throws IOException {
    byte[] json =
        JSON.writeValueAsBytes(
            JSON.createObjectNode()
                .put("jobName", claim.jobName())
                .put("at", claim.at().toString()));
    return store.putIfMatch(KEY, json, seen.etag());
  }

  /** Gives the slot back, unless somebody else has it by now. */
  void free(Claim claim) throws IOException {
    Content now = read();
    if (now.claim().equals(Optional.of(claim))) {
      store.putIfMatch(KEY, JSON.writeValueAsBytes(JSON.createObjectNode()), now.etag());
    }
  }

  /** Whatever is not a claim is none: a slot that cannot be read is free. */
  private static Optional<Claim> claim(byte[] bytes) throws IOException {
    try {
      JsonNode json = JSON.readTree(bytes);
      String jobName = json.path("jobName").asText();
      return jobName.isEmpty()
          ? Optional.empty()
          : Optional.of(new Claim(jobName, Instant.parse(json.path("at").asText())));
    } catch (JacksonException | DateTimeException e) {
      return Optional.empty();
    }
  }
}
