package io.pigeonhole.trainer.training;

import io.pigeonhole.trainer.data.Images;
import io.pigeonhole.trainer.recipe.Recipe;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.ByteDataBuffer;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint8;

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
  private final ExecutorService painters;
  private final Thread thread;

  /**
   * A batch in memory of TensorFlow's; the receiver closes it.
   *
   * @param images {@code [batch, size, size, 3]}
   * @param labels {@code [batch]}
   */
  record Batch(TUint8 images, TInt32 labels) implements AutoCloseable {
    @Override
    public void close() {
      images.close();
      labels.close();
    }
  }

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
   * @throws RuntimeException what went wrong when it was made
   */
  Batch next() throws InterruptedException {
    try {
      return queue.take().get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
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
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  private void fail(RuntimeException cause) {
    FutureTask<Batch> failed =
        new FutureTask<>(
            () -> {
              throw cause;
            });
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
        drawn[i] = ofSize.draw(order[(step * recipe.batch() + i) % order.length]);
      }
      if ((long) epoch * stepsPerEpoch + step < firstStep) {
        continue; // drawn all the same, so that what follows is what it would have been
      }
      FutureTask<Batch> batch = new FutureTask<>(() -> painted(images, drawn));
      queue.put(batch);
      painters.execute(batch);
    }
  }

  private static Batch painted(Images images, View[] views) {
    byte[] room = new byte[images.bytesPerImage()];
    byte[] view = new byte[images.bytesPerImage()];
    int[] labels = new int[views.length];
    int[] labelsOfAll = images.labels();
    Shape shape = Shape.of(views.length, images.size(), images.size(), Images.CHANNELS);
    TUint8 pixels = Tensor.of(TUint8.class, shape);
    ByteDataBuffer target = pixels.asRawTensor().data();
    try {
      for (int i = 0; i < views.length; i++) {
        views[i].paint(room, view);
        target.offset((long) i * view.length).write(view);
        labels[i] = labelsOfAll[views[i].image()];
      }
    } catch (RuntimeException unreadable) {
      pixels.close();
      throw unreadable;
    }
    return new Batch(pixels, TInt32.tensorOf(Shape.of(views.length), DataBuffers.of(labels)));
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
