package io.pigeonhole.trainer.cli;

import io.pigeonhole.command.Errors;
import io.pigeonhole.trainer.checkpoint.CheckpointStore;
import io.pigeonhole.trainer.checkpoint.RunId;
import io.pigeonhole.trainer.data.Dataset;
import io.pigeonhole.trainer.data.Images;
import io.pigeonhole.trainer.recipe.Recipe;
import io.pigeonhole.trainer.training.DivergedException;
import io.pigeonhole.trainer.training.StoppedException;
import io.pigeonhole.trainer.training.Trained;
import io.pigeonhole.trainer.training.TrainingRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;

/**
 * Does the steps of a run, and keeps its checkpoints.
 *
 * @param out hears how it goes
 * @param err hears what goes wrong
 */
record Steps(
    Path cache,
    Destination destination,
    CheckpointOptions checkpoints,
    PrintWriter out,
    PrintWriter err) {

  /** Small sets of images have small batches. */
  Recipe fitting(Recipe recipe, Images images) {
    if (images.count() >= recipe.batch()) {
      return recipe;
    }
    int batch = Math.max(1, Integer.highestOneBit(images.count() / 2));
    out.printf("batches of %d images instead of %d%n", batch, recipe.batch());
    return recipe.withBatch(batch);
  }

  /**
   * The checkpoints of a run.
   *
   * @param beginning what it begins with, empty for nothing
   */
  CheckpointStore checkpoints(TrainingRun run, Dataset dataset, String beginning)
      throws IOException {
    return checkpoints.of(
        RunId.of(run, dataset.sha256(), beginning),
        destination.name(),
        cache,
        destination.remote(),
        err);
  }

  /** Goes on from the last checkpoint, to the end or until it is told to stop. */
  Trained run(TrainingRun run, CheckpointStore kept, StopSignal signal)
      throws InterruptedException, DivergedException, StoppedException {
    try (Progress progress = Progress.of(run, out, signal::stopping)) {
      return run.run(progress, kept);
    } catch (StoppedException e) {
      Errors.say(err, e.getMessage()); // now: the process ends with the signal's close
      throw e;
    }
  }
}
