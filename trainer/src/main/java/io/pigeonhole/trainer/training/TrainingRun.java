package io.pigeonhole.trainer.training;

import io.pigeonhole.trainer.data.Downscaled;
import io.pigeonhole.trainer.data.Images;
import io.pigeonhole.trainer.network.Batch;
import io.pigeonhole.trainer.network.Precision;
import io.pigeonhole.trainer.network.Start;
import io.pigeonhole.trainer.network.TrainingGraph;
import io.pigeonhole.trainer.recipe.Recipe;
import io.pigeonhole.trainer.recipe.Stage;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Trains a recipe's network on a set of images.
 *
 * @param recipe what to do
 * @param images to train on; classes and labels come with them
 * @param heldOut images that are not trained on: the run tells how it does on them, and some
 *     recipes end early or lower their rate by them; for others there need be none
 * @param precision of what flows between the network's rows
 * @param seed of the first weights, the order of the images and their augmentation
 * @param threads processors to be used; 0 for all
 * @param base weights to begin with, if not with random ones
 */
public record TrainingRun(
    Recipe recipe,
    Images images,
    Images heldOut,
    Precision precision,
    long seed,
    int threads,
    Optional<Start> base) {

  /** A run that begins with random weights. */
  public TrainingRun(
      Recipe recipe, Images images, Images heldOut, Precision precision, long seed, int threads) {
    this(recipe, images, heldOut, precision, seed, threads, Optional.empty());
  }

  /** A run that is not measured on held-out images, and whose recipe does not want them. */
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

    /** Before the first step, with what an earlier process has done of the run. */
    default void resumed(History history) {}

    /** After each step. */
    void afterStep(History history, TrainingGraph.Step step);

    /** After each epoch. */
    void afterEpoch(Epoch epoch);

    /** Whether the run is to stop where it is; asked after each step. */
    default boolean stop() {
      return false;
    }
  }

  /** The same run in another precision. */
  public TrainingRun in(Precision other) {
    return new TrainingRun(recipe, images, heldOut, other, seed, threads, base);
  }

  /** Steps an epoch; what is left of a batch is shown in another epoch, for the order changes. */
  public int stepsPerEpoch() {
    return recipe.length().steps().orElse(images.count() / recipe.batch());
  }

  /** Steps of the whole run, if it does not end early. */
  public long steps() {
    return (long) stepsPerEpoch() * recipe.epochs();
  }

  /** Runs to the end without checkpoints, or to where the recipe ends it early. */
  public Trained run(Listener listener)
      throws InterruptedException, DivergedException, StoppedException {
    return run(listener, Checkpoints.NONE);
  }

  /**
   * Runs to the end, or to where the recipe ends it early, beginning after the last checkpoint. The
   * end is the same as if the run had not been interrupted.
   *
   * @throws DivergedException if the loss is no longer a number, or, at a checkpoint, a weight
   * @throws StoppedException if the listener has asked for it, after a checkpoint
   */
  public Trained run(Listener listener, Checkpoints checkpoints)
      throws InterruptedException, DivergedException, StoppedException {
    Map<Integer, Images> sized = new HashMap<>();
    for (Stage stage : recipe.stages()) {
      sized.computeIfAbsent(stage.size(), size -> Downscaled.of(images, size));
    }
    sized.put(recipe.size(), images);
    try (TrainingGraph graph = new TrainingGraph(recipe, images, precision, seed, threads, base)) {
      Course course = new Course(this, graph, checkpoints);
      if (course.history().steps() > 0) {
        listener.resumed(course.history());
      }
      try (BatchStream stream =
          new BatchStream(recipe, sized::get, stepsPerEpoch(), seed, course.history().steps())) {
        while (!course.atEnd()) {
          try (Batch batch = stream.next()) {
            course.step(batch, listener);
          }
        }
      }
      return course.trained();
    }
  }
}
