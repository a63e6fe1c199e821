package io.pigeonhole.local.lambda;

import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** One event for a function, and the answer to come. */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
record Invocation(String requestId, byte[] payload, CompletableFuture<Outcome> outcome) {
  static Invocation of(byte[] payload) {
    return new Invocation(UUID.randomUUID().toString(), payload, new CompletableFuture<>());
  }
}
