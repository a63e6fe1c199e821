package io.pigeonhole.local;

import io.pigeonhole.local.queue.MessageQueue;
import io.pigeonhole.local.queue.QueueFolder;
import io.pigeonhole.local.s3.S3Event;
import io.pigeonhole.local.s3.S3Server;
import java.io.IOException;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/**
 * Images that nobody will label because their event was never queued: the process was killed
 * between storing the object and queueing, or the result was deleted so that it is made again.
 */
final class Backlog {
  private final S3Server s3;
  private final S3Event events;

  Backlog(S3Server s3, S3Event events) {
    this.s3 = s3;
    this.events = events;
  }

  /**
   * Queues an event for every image that has no result, no message and no dead letter.
   *
   * @return how many
   */
  int queue(QueueFolder folder, MessageQueue queue) throws IOException {
    Set<String> known =
        folder.events().stream().map(Backlog::encodedKey).collect(Collectors.toSet());
    Set<String> results = s3.keys(Buckets.RESULTS);
    int queued = 0;
    for (String key : s3.keys(Buckets.IMAGES)) {
      if (!results.contains("labels/" + key + ".json")
          && !known.contains(S3Event.urlEncoded(key))
          && queue(key, queue)) {
        queued++;
      }
    }
    return queued;
  }

  private boolean queue(String key, MessageQueue queue) {
    return s3.find(Buckets.IMAGES, key)
        .map(
            object -> {
              queue.send(events.of(object));
              return true;
            })
        .orElse(false);
  }

  private static String encodedKey(ObjectNode event) {
    return event.at("/Records/0/s3/object/key").asString("");
  }
}
