package io.pigeonhole.local.gateway;

import java.util.function.LongSupplier;

/** Lets a request pass for each token that it has; tokens come back at a steady rate. */
final class TokenBucket {
  private static final double NANOS = 1e9;

  private final Rate rate;
  private final LongSupplier nanoTime;
  private double tokens;
  private long filledAt;

  /** A full one. */
  TokenBucket(Rate rate, LongSupplier nanoTime) {
    this.rate = rate;
    this.nanoTime = nanoTime;
    this.tokens = rate.burst();
    this.filledAt = nanoTime.getAsLong();
  }

  synchronized boolean admits() {
    if (rate.perSecond() == 0) {
      return true;
    }
    long now = nanoTime.getAsLong();
    tokens = Math.min(rate.burst(), tokens + (now - filledAt) * rate.perSecond() / NANOS);
    filledAt = now;
    if (tokens < 1) {
      return false;
    }
    tokens--;
    return true;
  }
}
