package io.pigeonhole.label;

import com.amazonaws.services.lambda.runtime.Context;
import java.time.Duration;

/** When an invocation has to be done. What is not done by then is handed back. */
record Deadline(long nanoTime) {
  // to answer in, after giving up on whatever still runs
  private static final long RESERVE_MILLIS = 1000;

  static Deadline in(Duration time) {
    return new Deadline(System.nanoTime() + time.toNanos());
  }

  /** A second before Lambda ends the invocation, or a tenth if it has less than ten. */
  static Deadline of(Context context) {
    long millis = Math.max(0, context.getRemainingTimeInMillis());
    return in(Duration.ofMillis(millis - Math.min(RESERVE_MILLIS, millis / 10)));
  }

  /** Never negative. */
  Duration remaining() {
    return Duration.ofNanos(Math.max(0, nanoTime - System.nanoTime()));
  }

  boolean isPast() {
    return remaining().isZero();
  }
}
