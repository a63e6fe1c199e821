package io.pigeonhole.inference;

import ai.djl.translate.TranslateException;
import io.pigeonhole.model.Manifest;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** A model for the time of a request: it stays in memory until the lease is closed. */
public final class Lease implements AutoCloseable {
  private final ServedModel model;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * Takes over a use of the model.
   *
   * @param model retained for this lease
   */
  Lease(ServedModel model) {
    this.model = model;
  }

  /** What the model is. */
  public Manifest manifest() {
    return model.manifest();
  }

  /** A batch for up to this many images. */
  public Batch newBatch(int capacity) {
    return new Batch(manifest().input(), capacity);
  }

  /**
   * One forward pass over all images of the batch.
   *
   * @return all classes of each image, in the order of the rows
   * @throws IllegalStateException if the network fails
   */
  public List<Classification> classify(Batch batch) {
    try {
      return Arrays.stream(model.probabilities(batch))
          .map(row -> Classification.of(manifest(), row))
          .toList();
    } catch (TranslateException e) {
      throw new IllegalStateException(
          "model %s fails: %s".formatted(manifest().version(), e.getMessage()), e);
    }
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      model.release();
    }
  }
}
