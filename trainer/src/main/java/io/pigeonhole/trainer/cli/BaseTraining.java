package io.pigeonhole.trainer.cli;

import io.pigeonhole.command.Errors;
import io.pigeonhole.model.ModelRefusedException;
import io.pigeonhole.trainer.checkpoint.CheckpointStore;
import io.pigeonhole.trainer.data.Dataset;
import io.pigeonhole.trainer.network.Precision;
import io.pigeonhole.trainer.recipe.Recipe;
import io.pigeonhole.trainer.training.DivergedException;
import io.pigeonhole.trainer.training.StoppedException;
import io.pigeonhole.trainer.training.Trained;
import io.pigeonhole.trainer.training.TrainingRun;
import io.pigeonhole.trainer.transfer.TransferRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Trains a head on what the network of others sees, and the last part of that network along if the
 * recipe says so.
 *
 * @param base its name
 */
record BaseTraining(
    RecipeOptions options, DataOptions data, Steps steps, Dataset dataset, String base) {

  Done train(Recipe named)
      throws IOException,
          ModelRefusedException,
          InterruptedException,
          DivergedException,
          StoppedException {
    Recipe recipe = named.fineTunes() ? steps.fitting(named, dataset.train()) : named;
    TransferRun run =
        new TransferRun(recipe, dataset, options.seed(recipe), data.sets(), data.limit());
    tell(recipe);
    List<CheckpointStore> kept = new ArrayList<>();
    try (StopSignal signal = new StopSignal()) {
      TransferRun.Outcome outcome =
          run.run(
              new HeadProgress(
                  steps.out(), signal::stopping, (tuned, part) -> tune(tuned, part, kept, signal)));
      return new Done(
          run.recipe(),
          outcome.trained(),
          Optional.of(outcome.scored()),
          Precision.FLOAT32,
          List.copyOf(kept));
    } catch (StoppedException e) {
      if (kept.isEmpty()) { // else it is told already
        Errors.say(steps.err(), e.getMessage());
      }
      throw e;
    }
  }

  private void tell(Recipe recipe) {
    PrintWriter out = steps.out();
    out.printf(
        "recipe '%s': %d images, and %d to choose by, of %d×%d%n",
        recipe.name(),
        dataset.train().count(),
        dataset.heldOut().count(),
        recipe.size(),
        recipe.size());
    out.flush();
  }

  private Trained tune(
      TrainingRun tuned, String part, List<CheckpointStore> kept, StopSignal signal)
      throws InterruptedException, DivergedException, StoppedException {
    CheckpointStore store;
    try {
      store = steps.checkpoints(tuned, dataset, base + " " + part);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    kept.add(store);
    return steps.run(tuned, store, signal);
  }
}
