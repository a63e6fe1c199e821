package io.pigeonhole.inference;

import ai.djl.translate.TranslateException;
import io.pigeonhole.model.Manifest;
import java.util.concurrent.atomic.AtomicBoolean;

/** A model for the time of a request: it stays in memory until the lease is closed. */
public final class Lease implements AutoCloseable {
  private static final int MAX_BATCH = 16;
  private static final int MAX_BATCH_BYTES = 64 << 20;

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

  /** How many images to put into a batch: more in one pass take no less time for each. */
  public int batchSize() {
    return Math.max(1, Math.min(MAX_BATCH, MAX_BATCH_BYTES / Batch.rowBytes(manifest().input())));
  }

  /**
   * Takes all images of the batch through the network, by all processors.
   *
   * @throws IllegalStateException if the network fails
   */
  public Answers classify(Batch batch) {
    try {
      int passes = TensorFlowEngine.threads().passes(Runtime.getRuntime().availableProcessors());
      return new Answers(manifest(), Passes.sideBySide(batch, passes, model::answers));
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
