package io.pigeonhole.label;

import io.pigeonhole.config.Outputs;
import io.pigeonhole.label.Results.Stored;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * What people say about labels. A correction is part of the result of a content: result, tags and
 * index follow it, newer models do not overrule it, and another content under the key ends it.
 */
public final class Corrections {
  private static final int TRIES = 20;

  private final Filing filing;
  private final Clock clock;

  /** Corrects the results in a bucket. */
  public Corrections(S3Client s3, String resultsBucket, Outputs outputs, Clock clock) {
    this(new Filing(s3, resultsBucket, outputs), clock);
  }

  Corrections(Filing filing, Clock clock) {
    this.filing = filing;
    this.clock = clock;
  }

  /** What came of a correction. */
  public sealed interface Outcome {
    /** It is in force, or was already. */
    record InForce() implements Outcome {}

    /** There is no result of this key. */
    record NoResult() implements Outcome {}

    /**
     * The image has no label that could be corrected.
     *
     * @param code of the error that its result has
     */
    record NoLabel(String code) implements Outcome {}

    /** The result is not the one that was to be corrected. */
    record Changed() implements Outcome {}
  }

  /**
   * Records that a person says what an image is; saying so again changes nothing.
   *
   * @param label can be a tag value and a part of a key; empty if the image shows none of what
   *     there are labels for
   * @param ifMatch the ETag that the result must have; empty: whatever it is now
   */
  public Outcome correct(String key, Optional<String> label, Optional<String> ifMatch) {
    for (int i = 0; i < TRIES; i++) {
      Stored seen = filing.read(key);
      if (seen.result().isEmpty()) {
        return new Outcome.NoResult();
      }
      if (ifMatch.isPresent() && !ifMatch.equals(seen.etag().map(Corrections::unquoted))) {
        return new Outcome.Changed();
      }
      if (!(seen.result().get() instanceof Result.Labeled labeled)) {
        return new Outcome.NoLabel(((Result.Unlabeled) seen.result().get()).code());
      }
      if (inForce(labeled, label, seen)) {
        return new Outcome.InForce();
      }
    }
    throw new IllegalStateException(
        "the result of %s changed %d times while being corrected".formatted(Quoted.of(key), TRIES));
  }

  private boolean inForce(Result.Labeled labeled, Optional<String> label, Stored seen) {
    if (labeled.correction().filter(known -> known.label().equals(label)).isPresent()) {
      filing.follow(seen);
      return true;
    }
    Result.Labeled said =
        labeled.corrected(
            Optional.of(
                new Result.Correction(label, clock.instant().truncatedTo(ChronoUnit.MILLIS))));
    return filing.replace(said.leaving(labeled), seen).isPresent();
  }

  private static String unquoted(String etag) {
    return etag.replace("\"", "");
  }
}
