package io.pigeonhole.label;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.utils.DateUtils;

/**
 * The time that whoever writes the first result of a key has for its tags and index. Nobody
 * replaces a result that is so young, so within it there is no need to look whether the result
 * still stands: which saves a request an image. Who took longer looks; who wants to replace a young
 * result waits.
 *
 * <p>The two need no common clock. The first writer measures its own time, from before the result
 * is written to after the last of what follows it. A result's age is known from one answer of S3,
 * which says when it was written and what time it is now.
 *
 * @param first what the first writer may take
 * @param others how old a result is before it is replaced: longer, because S3 tells times in whole
 *     seconds, and its machines' clocks differ a little
 */
record HeadStart(Duration first, Duration others, Time time) {
  static final HeadStart STANDARD =
      new HeadStart(Duration.ofSeconds(1), Duration.ofSeconds(3), Time.SYSTEM);

  /** Where nothing follows a result. */
  static final HeadStart NONE = new HeadStart(Duration.ZERO, Duration.ZERO, Time.SYSTEM);

  /** Time as a process sees it. */
  interface Time {
    Time SYSTEM =
        new Time() {
          @Override
          public Moment now() {
            return new Moment(System.nanoTime(), Instant.now());
          }

          @Override
          public void sleep(Duration duration) throws InterruptedException {
            Thread.sleep(duration.toMillis() + 1);
          }
        };

    Moment now();

    void sleep(Duration duration) throws InterruptedException;
  }

  /** By two clocks: one may stand still while the process is frozen, the other may be set. */
  record Moment(long nanos, Instant wall) {
    Duration until(Moment later) {
      Duration passed = Duration.ofNanos(later.nanos - nanos);
      Duration byWall = Duration.between(wall, later.wall);
      return passed.compareTo(byWall) > 0 ? passed : byWall;
    }
  }

  Moment now() {
    return time.now();
  }

  /** Whether the first writer, who began then, took longer than it may. */
  boolean isOver(Moment began) {
    return began.until(time.now()).compareTo(first) > 0;
  }

  /** What is left of it for the result that S3 answers with; not negative. */
  Duration left(GetObjectResponse answer) {
    Optional<Instant> written = Optional.ofNullable(answer.lastModified());
    Optional<Instant> now =
        answer.sdkHttpResponse().firstMatchingHeader("Date").map(DateUtils::parseRfc822Date);
    if (written.isEmpty() || now.isEmpty()) {
      return others;
    }
    Duration left = others.minus(Duration.between(written.get(), now.get()));
    return left.isNegative() ? Duration.ZERO : left.compareTo(others) > 0 ? others : left;
  }

  /** Waits for its end. */
  void await(Duration left) {
    if (left.isZero()) {
      return;
    }
    try {
      time.sleep(left);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw AbortedException.create("interrupted while waiting for a young result to age", e);
    }
  }
}
