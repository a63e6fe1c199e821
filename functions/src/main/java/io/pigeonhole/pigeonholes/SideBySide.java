package io.pigeonhole.pigeonholes;

import io.pigeonhole.api.ProblemException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.core.exception.SdkException;

/** Does what waits for a bucket, many at a time. */
public final class SideBySide {
  private static final int WORKERS = 16;

  private final ExecutorService workers;

  public SideBySide() {
    AtomicInteger count = new AtomicInteger();
    workers =
        Executors.newFixedThreadPool(
            WORKERS,
            task -> {
              Thread thread = new Thread(task, "api-" + count.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Something to do for one item. */
  @FunctionalInterface
  interface Step<T, R> {
    R of(T item) throws ProblemException, IOException;
  }

  /** What comes of each item, in their order. The first that fails fails all. */
  <T, R> List<R> each(Collection<T> items, Step<T, R> step) throws ProblemException, IOException {
    List<Future<R>> futures = new ArrayList<>();
    for (T item : items) {
      futures.add(workers.submit(() -> step.of(item)));
    }
    List<R> results = new ArrayList<>();
    try {
      for (Future<R> future : futures) {
        results.add(future.get());
      }
      return results;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (ExecutionException e) {
      throw cause(e);
    } finally {
      futures.forEach(future -> future.cancel(true));
    }
  }

  private static IOException cause(ExecutionException e) throws ProblemException, IOException {
    if (e.getCause() instanceof ProblemException problem) {
      throw problem;
    }
    if (e.getCause() instanceof IOException io) {
      throw io;
    }
    if (e.getCause() instanceof SdkException sdk) {
      throw sdk;
    }
    throw new IllegalStateException(e.getCause());
  }
}
