package io.pigeonhole.local.lambda;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** A function that is started when its first event comes, for few ask for it. */
public final class OnDemand implements AutoCloseable {
  private final Supplier<LambdaFunction> maker;
  private Optional<LambdaFunction> function = Optional.empty();

  /**
   * Starts nothing.
   *
   * @param maker makes the function, not started
   */
  public OnDemand(Supplier<LambdaFunction> maker) {
    this.maker = maker;
  }

  /** Hands an event to the function as soon as it is there. */
  public synchronized CompletableFuture<Outcome> invoke(byte[] payload) {
    if (function.isEmpty()) {
      LambdaFunction made = maker.get();
      made.start();
      function = Optional.of(made);
    }
    return function.get().invoke(payload);
  }

  @Override
  public synchronized void close() {
    function.ifPresent(LambdaFunction::close);
  }
}
