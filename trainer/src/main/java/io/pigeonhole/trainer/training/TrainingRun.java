package io.pigeonhole.trainer.training;

import io.pigeonhole.trainer.data.Downscaled;
import io.pigeonhole.trainer.data.Images;
import io.pigeonhole.trainer.network.Precision;
import io.pigeonhole.trainer.network.TrainingGraph;
import io.pigeonhole.trainer.network.Weights;
import io.pigeonhole.trainer.recipe.Recipe;
import io.pigeonhole.trainer.recipe.Stage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Trains a recipe's network on a set of images.
 *
 * @param recipe what to do
 * @param images to train on; classes and labels come with them
 * @param heldOut images that are not trained on, for recipes that end early or lower their rate by
 *     them; otherwise there need be none
 * @param precision of what flows between the network's rows
 * @param seed of the first weights, the order of the images and their augmentation
 * @param threads of TensorFlow; 0 for one a core
 */
public record TrainingRun(
    Recipe recipe, Images images, Images heldOut, Precision precision, long seed, int threads) {

  /** A run whose recipe does not look at held-out images. */
  public TrainingRun(Recipe recipe, Images images, Precision precision, long seed, int threads) {
    this(recipe, images, images.slice(0, 0), precision, seed, threads);
  }

  public TrainingRun {
    recipe = recipe.forClasses(images.classes().size());
    if (recipe.looksAtHeldOutImages() && heldOut.count() == 0) {
      throw new IllegalArgumentException(
          "recipe '%s' looks at held-out images, and there are none".formatted(recipe.name()));
    }
    if (images.count() < recipe.batch() && recipe.length().steps().isEmpty()) {
      throw new IllegalArgumentException(
          "recipe '%s' trains on batches of %d images; the training set has only %d"
              .formatted(recipe.name(), recipe.batch(), images.count()));
    }
  }

  /** Hears of the run's progress, on the thread that runs it. */
  public interface Listener {

    /**
     * After each step.
     *
     * @param done steps so far
     * @param total steps of the whole run
     * @param step what the step showed
     */
    void afterStep(long done, long total, TrainingGraph.Step step);

    /**
     * After each epoch.
     *
     * @param done epochs so far
     * @param weights copies the present weights when asked to
     */
    void afterEpoch(int done, Supplier<Weights> weights);
  }

  /** Steps an epoch; what is left of a batch is shown in another epoch, for the order changes. */
  public int stepsPerEpoch() {
    return recipe.length().steps().orElse(images.count() / recipe.batch());
  }

  /**
   * Runs to the end, or to where the recipe ends it early.
   *
   * @throws DivergedException if the loss is no longer a number
   */
  public Weights run(Listener listener) throws InterruptedException, DivergedException {
    Map<Integer, Images> sized = new HashMap<>();
    for (Stage stage : recipe.stages()) {
      sized.computeIfAbsent(stage.size(), size -> Downscaled.of(images, size));
    }
    sized.put(recipe.size(), images);
    int perEpoch = stepsPerEpoch();
    long total = (long) perEpoch * recipe.epochs();
    HeldOutLosses losses = new HeldOutLosses(recipe, heldOut, precision);
    try (TrainingGraph graph = new TrainingGraph(recipe, images, precision, seed, threads);
        BatchStream stream = new BatchStream(recipe, sized::get, perEpoch, seed)) {
      for (long number = 0; number < total; number++) {
        TrainingGraph.Step step = step(graph, stream, number, total, losses.soFar());
        listener.afterStep(number + 1, total, step);
        if ((number + 1) % perEpoch == 0) {
          losses.afterEpoch(graph::weights);
          listener.afterEpoch((int) ((number + 1) / perEpoch), graph::weights);
          if (losses.endRun()) {
            break;
          }
        }
      }
      return losses.best().orElseGet(graph::weights);
    }
  }

  private TrainingGraph.Step step(
      TrainingGraph graph, BatchStream stream, long number, long total, List<Double> losses)
      throws InterruptedException, DivergedException {
    try (BatchStream.Batch batch = stream.next()) {
      double progress = (double) number / total;
      TrainingGraph.Step step =
          graph.step(batch.images(), batch.labels(), number, progress, losses);
      if (!Double.isFinite(step.loss())) {
        throw new DivergedException(recipe, number + 1, step.loss());
      }
      return step;
    }
  }
}
