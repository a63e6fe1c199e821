package io.pigeonhole.label;

import io.pigeonhole.config.Outputs;
import io.pigeonhole.label.HeadStart.Moment;
import io.pigeonhole.label.Results.Offered;
import io.pigeonhole.label.Results.Stored;
import java.util.Optional;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Puts an answer where it belongs. The result comes first and decides, by its conditional write,
 * which answer is in force; tags and index then follow whatever result is there. Whoever has
 * written them looks at the result again, so that a slow writer does not leave those of a result
 * that was replaced meanwhile; and whoever is killed in between is redelivered, and follows then.
 * Only the first result of a key needs no such look, if tags and index follow it within its {@link
 * HeadStart}.
 *
 * <p>{@code InterleavingsTest} has this code do its requests in every order that there is.
 */
final class Filing {
  private static final int TRIES = 20;

  private final S3Client s3;
  private final Results results;
  private final ImageTags tags;
  private final LabelIndex index;
  private final Outputs outputs;
  private final HeadStart headStart;

  Filing(S3Client s3, String resultsBucket, Outputs outputs) {
    this(s3, resultsBucket, outputs, outputs.follow() ? HeadStart.STANDARD : HeadStart.NONE);
  }

  Filing(S3Client s3, String resultsBucket, Outputs outputs, HeadStart headStart) {
    this.s3 = s3;
    this.results = new Results(s3, resultsBucket, headStart);
    this.tags = new ImageTags(s3, outputs.tags());
    this.index = new LabelIndex(s3, resultsBucket);
    this.outputs = outputs;
    this.headStart = headStart;
  }

  /** What is known of a key; nothing where no results are written. */
  Stored read(String key) {
    return outputs.result() ? results.read(key) : Stored.NOTHING;
  }

  /**
   * Files an answer.
   *
   * @param model by which it is
   * @return the result in force: this one, or a newer
   */
  Result file(Result result, Seen seen, Result.ModelId model) {
    if (!outputs.result()) {
      tag(result, seen);
      return result;
    }
    Moment began = headStart.now();
    Offered offered = results.offer(result, seen.result(), model, () -> newest(result.object()));
    Stored inForce = offered.inForce();
    if (!offered.first()) {
      return follow(inForce);
    }
    boolean written = tag(result, seen);
    written |= list(result);
    boolean unseen = written && headStart.isOver(began);
    return unseen ? newer(inForce).map(this::follow).orElse(result) : result;
  }

  private boolean tag(Result result, Seen seen) {
    return seen.untagged() ? tags.give(result) : tags.follow(result);
  }

  private boolean list(Result result) {
    return outputs.index() && index.follow(result);
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
      list(result);
      Optional<Stored> newer = outputs.follow() ? newer(stored) : Optional.empty();
      if (newer.isEmpty()) {
        return result;
      }
      stored = newer.get();
    }
    throw new IllegalStateException("the result changed " + TRIES + " times while being followed");
  }

  /** What has taken the place of a result. */
  private Optional<Stored> newer(Stored stored) {
    return results
        .readIfChanged(stored.result().orElseThrow().object().key(), stored)
        .filter(changed -> changed.result().isPresent());
  }

  /** The ETag that the image has now; empty if it is gone. */
  private String newest(ObjectVersion object) {
    try {
      return s3.headObject(head -> head.bucket(object.bucket()).key(object.key()))
          .eTag()
          .replace("\"", "");
    } catch (S3Exception e) {
      // 405: a delete marker
      if (e.statusCode() == 404 || e.statusCode() == 405) {
        return "";
      }
      throw e;
    }
  }
}
