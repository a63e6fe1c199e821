package io.pigeonhole.label;

import io.pigeonhole.label.Results.Stored;
import java.util.Optional;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Puts an answer where it belongs. The result comes first and decides, by its conditional write,
 * which answer is in force; tags and index then follow whatever result is there. Whoever has
 * written them looks at the result again, so that a slow writer does not leave those of a result
 * that was replaced meanwhile; and whoever is killed in between is redelivered, and follows then.
 */
final class Filing {
  private static final int TRIES = 20;

  private final Results results;
  private final ImageTags tags;
  private final LabelIndex index;

  Filing(S3Client s3, String resultsBucket) {
    this.results = new Results(s3, resultsBucket);
    this.tags = new ImageTags(s3);
    this.index = new LabelIndex(s3, resultsBucket);
  }

  /** What is known of a key. */
  Stored read(String key) {
    return results.read(key);
  }

  /**
   * Files an answer.
   *
   * @param seen what was known of the key before its image was read
   * @return the result in force: this one, or a newer
   */
  Result file(Result result, Stored seen) {
    return follow(results.offer(result, seen));
  }

  /**
   * Files what is to take the place of the result seen, and of no other.
   *
   * @return the result in force; empty if another was there
   */
  Optional<Result> replace(Result result, Stored seen) {
    return results.replace(result, seen).map(this::follow);
  }

  /** Brings tags and index in line with the result in force. */
  Result follow(Stored inForce) {
    Stored stored = inForce;
    for (int i = 0; i < TRIES; i++) {
      Result result = stored.result().orElseThrow();
      tags.follow(result);
      index.follow(result);
      Optional<Stored> newer =
          results
              .readIfChanged(result.object().key(), stored)
              .filter(changed -> changed.result().isPresent());
      if (newer.isEmpty()) {
        return result;
      }
      stored = newer.get();
    }
    throw new IllegalStateException("the result changed " + TRIES + " times while being followed");
  }
}
