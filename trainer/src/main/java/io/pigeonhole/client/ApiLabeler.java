package io.pigeonhole.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pigeonhole.command.Json;
import io.pigeonhole.command.Terminal;
import java.io.IOException;
import java.net.URLConnection;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/**
 * Asks the API. What is too large for a request goes through the images bucket, and stays there.
 *
 * @param patience for the label of an image that went through the bucket
 * @param top how many predictions to ask for; of an image that went through the bucket there are
 *     five
 */
public record ApiLabeler(Api api, Duration patience, OptionalInt top) implements Labeler {
  /**
   * Lambda takes requests of <a
   * href="https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html">6 MB</a>, and
   * base64 makes four bytes of three.
   */
  private static final long MAX_REQUEST_BYTES = 4_500_000;

  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LAST_PAUSE_MILLIS = 2000;

  @Override
  public JsonNode label(LocalFile image) throws IOException, InterruptedException {
    if (image.size() <= MAX_REQUEST_BYTES) {
      try {
        return api.post(classify(), "application/octet-stream", image.bytes());
      } catch (ApiProblem e) {
        if (!e.isTooLarge()) {
          throw e;
        }
      }
    }
    String key = upload(image);
    JsonNode result = await(key);
    if (result.has("error")) {
      throw new IOException(Terminal.printable(result.at("/error/message").asText()));
    }
    return result;
  }

  private String classify() {
    return top.isEmpty() ? "/classify" : "/classify?top=" + top.getAsInt();
  }

  /** Puts an image into the bucket, and returns its key. */
  private String upload(LocalFile image) throws IOException, InterruptedException {
    ObjectNode asked =
        Json.MAPPER.createObjectNode().put("name", image.name()).put("size", image.size());
    Optional.ofNullable(URLConnection.guessContentTypeFromName(image.name()))
        .ifPresent(type -> asked.put("type", type));
    JsonNode place = api.post("/uploads", "application/json", Json.MAPPER.writeValueAsBytes(asked));
    api.store(place, image.path());
    return place.path("key").asText();
  }

  private JsonNode await(String key) throws IOException, InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    for (long pause = FIRST_PAUSE_MILLIS; ; pause = Math.min(LAST_PAUSE_MILLIS, 2 * pause)) {
      try {
        return api.get("/images/" + Api.encoded(key));
      } catch (ApiProblem e) {
        if (!e.isNotFound()) {
          throw e;
        }
      }
      if (System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(pause) > end) {
        throw new IOException(
            "it is in the bucket as %s, and had no label after %d s; --wait waits longer"
                .formatted(Terminal.printable(key), patience.toSeconds()));
      }
      TimeUnit.MILLISECONDS.sleep(pause);
    }
  }
}
