package io.pigeonhole.trainer.cli;

import io.pigeonhole.trainer.artifact.Base;
import io.pigeonhole.trainer.checkpoint.CheckpointStore;
import io.pigeonhole.trainer.data.Dataset;
import io.pigeonhole.trainer.network.Gpus;
import io.pigeonhole.trainer.network.MachineTrial;
import io.pigeonhole.trainer.network.Precision;
import io.pigeonhole.trainer.network.Start;
import io.pigeonhole.trainer.recipe.Recipe;
import io.pigeonhole.trainer.training.Checkpoint;
import io.pigeonhole.trainer.training.DivergedException;
import io.pigeonhole.trainer.training.StoppedException;
import io.pigeonhole.trainer.training.Trained;
import io.pigeonhole.trainer.training.TrainingRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Trains all of a network, from nothing or from published weights.
 *
 * @param base whose weights are trained on
 */
record NetworkTraining(
    RecipeOptions options,
    Steps steps,
    Dataset dataset,
    Optional<Base> base,
    Optional<Start> start) {

  static final String FAST = "fast";

  private static final String SMALLER = "fast-small";

  /** What people wait for without having been told. */
  private static final double PATIENCE_MINUTES = 10;

  /**
   * What is going to be done.
   *
   * @param kept its checkpoints
   * @param begun whether there is one
   * @param trial of its recipe on this machine
   */
  private record Plan(TrainingRun run, CheckpointStore kept, boolean begun, MachineTrial trial) {

    /** Those of the whole run; on GPUs, they cannot be told beforehand. */
    double minutes() {
      long shown = (long) run.stepsPerEpoch() * (run.recipe().batch() + run.recipe().outliers());
      return Gpus.count() > 0 ? 0 : trial.minutes(run.recipe(), shown, run.precision());
    }
  }

  Done train(Recipe chosen)
      throws IOException, InterruptedException, DivergedException, StoppedException {
    Plan plan = patient(plan(chosen));
    TrainingRun run = plan.run();
    tell(plan);
    Trained trained;
    try (StopSignal signal = new StopSignal()) {
      trained = steps.run(run, plan.kept(), signal);
    }
    return new Done(run.recipe(), trained, Optional.empty(), run.precision(), List.of(plan.kept()));
  }

  private Plan plan(Recipe named) throws IOException {
    Recipe recipe = steps.fitting(named, dataset.train());
    boolean half = !options.askedPrecision(recipe).equals(Optional.of(Precision.FLOAT32));
    MachineTrial trial =
        RememberedTrial.of(
            recipe.forClasses(dataset.train().classes().size()),
            options.threads(),
            half,
            steps.cache());
    TrainingRun run =
        new TrainingRun(
            recipe,
            dataset.train(),
            dataset.heldOut(),
            options.precision(recipe, trial, Optional.empty()),
            options.seed(recipe),
            options.threads(),
            start);
    CheckpointStore kept = steps.checkpoints(run, dataset, base.map(Beginning::nameOf).orElse(""));
    Optional<Checkpoint> last = kept.latest();
    Precision precision = options.precision(recipe, trial, last.flatMap(Checkpoint::precision));
    return new Plan(run.in(precision), kept, last.isPresent(), trial);
  }

  /** By default, nobody waits for long without having been told. */
  private Plan patient(Plan plan) throws IOException {
    boolean byDefault =
        !options.isNamed() && base.isEmpty() && plan.run().recipe().name().equals(FAST);
    if (!byDefault || plan.minutes() <= PATIENCE_MINUTES || plan.begun()) {
      return plan;
    }
    options.otherwise(SMALLER);
    steps
        .out()
        .printf(
            "recipe '%s' would take about %.0f minutes here, so '%s' is taken; --recipe %s for"
                + " the other%n",
            FAST, plan.minutes(), SMALLER, FAST);
    return plan(options.recipe());
  }

  private void tell(Plan plan) {
    TrainingRun run = plan.run();
    PrintWriter out = steps.out();
    out.printf(
        "precision %s: %s %s%n",
        run.precision().name().toLowerCase(Locale.ROOT),
        run.precision() == Precision.BFLOAT16 ? "it" : "bfloat16",
        plan.trial().finding());
    out.printf(
        "recipe '%s': %d images, %d epochs of %d steps%s%n",
        run.recipe().name(),
        run.images().count(),
        run.recipe().epochs(),
        run.stepsPerEpoch(),
        plan.minutes() < 2 ? "" : ", about %.0f minutes".formatted(plan.minutes()));
    out.flush();
  }
}
