package io.pigeonhole.trainer.training;

import io.pigeonhole.trainer.data.Images;
import io.pigeonhole.trainer.recipe.Recipe;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.IntFunction;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint8;

/**
 * The batches of a run, prepared on a thread of its own so that a step never waits for pixels. The
 * same seed gives the same batches.
 */
final class BatchStream implements AutoCloseable {

  private static final int AHEAD = 4;

  private final Recipe recipe;
  private final IntFunction<Images> imagesOfSize;
  private final long seed;
  private final int stepsPerEpoch;
  private final BlockingQueue<Item> queue = new ArrayBlockingQueue<>(AHEAD);
  private final Thread thread;

  /**
   * A batch in memory of TensorFlow's; the receiver closes it.
   *
   * @param images {@code [batch, size, size, 3]}
   * @param labels {@code [batch]}
   */
  record Batch(TUint8 images, TInt32 labels) implements Item, AutoCloseable {
    @Override
    public void close() {
      images.close();
      labels.close();
    }
  }

  private sealed interface Item permits Batch, Failure {}

  private record Failure(RuntimeException cause) implements Item {}

  /**
   * Starts preparing batches.
   *
   * @param imagesOfSize the training images by side
   */
  BatchStream(Recipe recipe, IntFunction<Images> imagesOfSize, int stepsPerEpoch, long seed) {
    this.recipe = recipe;
    this.imagesOfSize = imagesOfSize;
    this.stepsPerEpoch = stepsPerEpoch;
    this.seed = seed;
    this.thread = new Thread(this::produce, "batches");
    thread.setDaemon(true);
    thread.start();
  }

  /** The next batch, in the order of the run. */
  Batch next() throws InterruptedException {
    Item item = queue.take();
    if (item instanceof Failure failure) {
      throw failure.cause();
    }
    return (Batch) item;
  }

  private void produce() {
    try {
      for (int epoch = 0; epoch < recipe.epochs(); epoch++) {
        produce(epoch);
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      queue.clear();
      queue.offer(new Failure(e));
    }
  }

  private void produce(int epoch) throws InterruptedException {
    int[] order = shuffled(imagesOfSize.apply(recipe.size()).count(), epoch);
    Map<Integer, Views> views = new HashMap<>();
    for (int step = 0; step < stepsPerEpoch; step++) {
      double progress = (epoch + (double) step / stepsPerEpoch) / recipe.epochs();
      Images images = imagesOfSize.apply(recipe.sizeAt(progress));
      Views ofSize =
          views.computeIfAbsent(
              images.size(),
              size -> new Views(images, recipe.augmentation(), recipe.size(), seed, epoch));
      queue.put(batch(images, ofSize, order, step * recipe.batch()));
    }
  }

  private Batch batch(Images images, Views views, int[] order, int from) {
    int batch = recipe.batch();
    byte[] pixels = new byte[batch * images.bytesPerImage()];
    int[] labels = new int[batch];
    for (int i = 0; i < batch; i++) {
      int image = order[(from + i) % order.length];
      views.write(image, pixels, i * images.bytesPerImage());
      labels[i] = images.labels()[image];
    }
    Shape shape = Shape.of(batch, images.size(), images.size(), Images.CHANNELS);
    return new Batch(
        TUint8.tensorOf(shape, DataBuffers.of(pixels)),
        TInt32.tensorOf(Shape.of(batch), DataBuffers.of(labels)));
  }

  private int[] shuffled(int count, int epoch) {
    SplittableRandom random = new SplittableRandom(seed * 7_368_787 + epoch);
    int[] order = new int[count];
    for (int i = 0; i < count; i++) {
      int other = random.nextInt(i + 1);
      order[i] = order[other];
      order[other] = i;
    }
    return order;
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    queue.forEach(
        item -> {
          if (item instanceof Batch batch) {
            batch.close();
          }
        });
  }
}
