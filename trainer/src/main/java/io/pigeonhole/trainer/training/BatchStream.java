package io.pigeonhole.trainer.training;

import io.pigeonhole.trainer.data.Images;
import io.pigeonhole.trainer.network.Batch;
import io.pigeonhole.trainer.recipe.Recipe;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/**
 * The batches of a run, prepared beforehand so that a step never waits for pixels. One thread draws
 * what is shown; others paint, each a batch. The same seed gives the same batches, however many
 * threads there are.
 */
final class BatchStream implements AutoCloseable {

  /** Batches that may be waiting, or be in the making. */
  private static final int AHEAD = 4;

  private static final long PATIENCE_SECONDS = 60;

  private final Recipe recipe;
  private final IntFunction<Images> imagesOfSize;
  private final long seed;
  private final int stepsPerEpoch;
  private final long firstStep;
  private final BlockingQueue<FutureTask<Batch>> queue = new ArrayBlockingQueue<>(AHEAD);
  private final Map<Integer, JpegFiles> filesOfSize = new HashMap<>();
  private final ExecutorService painters;
  private final Thread thread;

  /**
   * Starts preparing batches.
   *
   * @param imagesOfSize the training images by side
   * @param firstStep of the run that a batch is wanted for
   */
  BatchStream(
      Recipe recipe,
      IntFunction<Images> imagesOfSize,
      int stepsPerEpoch,
      long seed,
      long firstStep) {
    this.recipe = recipe;
    this.imagesOfSize = imagesOfSize;
    this.stepsPerEpoch = stepsPerEpoch;
    this.seed = seed;
    this.firstStep = firstStep;
    this.painters =
        Executors.newFixedThreadPool(
            Math.min(AHEAD, Runtime.getRuntime().availableProcessors()),
            task -> daemon(task, "painter"));
    this.thread = daemon(this::produce, "batches");
    thread.start();
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /**
   * The next batch, in the order of the run.
   *
   * @throws RuntimeException what went wrong when it was made; an Error, likewise
   */
  Batch next() throws InterruptedException {
    try {
      return queue.take().get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  private void produce() {
    try {
      for (int epoch = (int) (firstStep / stepsPerEpoch); epoch < recipe.epochs(); epoch++) {
        produce(epoch);
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | OutOfMemoryError e) { // or the run would wait for ever
      fail(
          () -> {
            throw e;
          });
    }
  }

  private void fail(Callable<Batch> thrower) {
    FutureTask<Batch> failed = new FutureTask<>(thrower);
    failed.run();
    try {
      queue.put(failed);
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  private void produce(int epoch) throws InterruptedException {
    int[] labels = imagesOfSize.apply(recipe.size()).labels();
    int[] order = Order.of(labels, recipe.balance(), stepsPerEpoch * recipe.batch(), seed, epoch);
    Map<Integer, Views> views = new HashMap<>();
    for (int step = 0; step < stepsPerEpoch; step++) {
      double progress = (epoch + (double) step / stepsPerEpoch) / recipe.epochs();
      Images images = imagesOfSize.apply(recipe.sizeAt(progress));
      Views ofSize =
          views.computeIfAbsent(
              images.size(),
              size -> new Views(images, recipe.augmentation(), recipe.size(), seed, epoch));
      View[] drawn = new View[recipe.batch()];
      for (int i = 0; i < drawn.length; i++) {
        drawn[i] = ofSize.draw(order[(int) (((long) step * recipe.batch() + i) % order.length)]);
      }
      MixedView[] mixed = ofSize.mixed(drawn);
      Outlier[] outliers = ofSize.outliers(recipe.outliers(), files(images));
      if ((long) epoch * stepsPerEpoch + step < firstStep) {
        continue; // drawn all the same, so that what follows is what it would have been
      }
      BatchPainter painter = new BatchPainter(images, recipe.augmentation().mixes());
      FutureTask<Batch> batch = new FutureTask<>(() -> painter.paint(mixed, outliers));
      queue.put(batch);
      painters.execute(batch);
    }
  }

  /** What outliers are to have been in; looked for once, and only if there are any. */
  private JpegFiles files(Images images) {
    return recipe.outliers() == 0
        ? JpegFiles.NONE
        : filesOfSize.computeIfAbsent(images.size(), size -> JpegFiles.of(images));
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
      painters.shutdownNow();
      if (!painters.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        return; // a read that hangs: its batch is lost with the process
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    queue.stream().filter(FutureTask::isDone).forEach(BatchStream::close);
  }

  private static void close(FutureTask<Batch> done) {
    try {
      done.get().close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | CancellationException nothingToClose) {
      // it was never made
    }
  }
}
