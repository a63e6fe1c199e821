package io.pigeonhole.pigeonholes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pigeonhole.api.Answer;
import io.pigeonhole.api.ProblemException;
import io.pigeonhole.label.ResultLayout;
import java.io.IOException;
import java.util.Optional;

/** The results as the API tells them: as they are in the bucket, with the image's address. */
public final class ImageResults {
  private final StoredObjects results;
  private final Links links;

  /** Reads from the results bucket. */
  public ImageResults(StoredObjects results, Links links) {
    this.results = results;
    this.links = links;
  }

  /**
   * A result.
   *
   * @param etag of the result in its bucket
   */
  record Told(ObjectNode json, String etag) {}

  /** The result of an image; empty if it has none yet. */
  Optional<Told> of(String key) throws ProblemException, IOException {
    return read(ResultLayout.result(key));
  }

  /** The result of an image, given what follows the prefix of a list that it is in. */
  Optional<Told> ofListed(String listed) throws ProblemException, IOException {
    return read(ResultLayout.resultOfListed(listed));
  }

  /** The ETag under which a result is told: it changes when its addresses are about to expire. */
  String etag(Told told) {
    return '"' + told.etag() + '-' + Long.toHexString(links.epoch()) + '"';
  }

  private Optional<Told> read(String resultKey) throws ProblemException, IOException {
    Optional<StoredObjects.Found> found = results.read(resultKey);
    if (found.isEmpty()
        || !(Answer.JSON.readTree(found.get().bytes()) instanceof ObjectNode json)) {
      return Optional.empty();
    }
    if (links.reach(json.path("bucket").asText()) && !json.path("key").asText().isEmpty()) {
      json.put("image", links.image(json.path("key").asText()));
    }
    return Optional.of(new Told(json, found.get().etag()));
  }
}
