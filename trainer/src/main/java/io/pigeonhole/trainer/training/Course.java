package io.pigeonhole.trainer.training;

import io.pigeonhole.trainer.network.Batch;
import io.pigeonhole.trainer.network.TrainingGraph;
import io.pigeonhole.trainer.network.Weights;
import io.pigeonhole.trainer.recipe.Recipe;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** A run under way. */
final class Course {

  /** A loss above this is as lost as one that is no number. */
  private static final double BOTTOMLESS = 1e6;

  /** Epochs may be long; no more work than this is ever lost. */
  private static final long SAVE_EVERY_NANOS = 600_000_000_000L;

  private final TrainingRun run;
  private final Recipe recipe;
  private final TrainingGraph graph;
  private final Checkpoints checkpoints;
  private final HeldOut heldOut;
  private final double earlierSeconds;
  private final long start = System.nanoTime();
  private long saved = start;
  private History history = History.NONE;
  private Optional<Weights> best = Optional.empty();

  /** Continues after the last checkpoint, if there is one. */
  Course(TrainingRun run, TrainingGraph graph, Checkpoints checkpoints) {
    this.run = run;
    this.recipe = run.recipe();
    this.graph = graph;
    this.checkpoints = checkpoints;
    this.heldOut = new HeldOut(recipe, run.heldOut(), run.precision());
    checkpoints.latest().ifPresent(this::goOnFrom);
    this.earlierSeconds = history.seconds();
  }

  private void goOnFrom(Checkpoint checkpoint) {
    try {
      graph.restore(checkpoint.state());
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException("the checkpoint is of another network: " + e.getMessage(), e);
    }
    history = checkpoint.history();
    best = checkpoint.best();
  }

  History history() {
    return history;
  }

  boolean atEnd() {
    OptionalInt patience = recipe.length().patience();
    boolean early =
        patience.isPresent()
            && !history.epochs().isEmpty()
            && epochsSinceBest(history.heldOutLosses()) >= patience.getAsInt();
    return early || history.steps() >= run.steps();
  }

  static int epochsSinceBest(List<Double> losses) {
    int best = 0;
    for (int epoch = 1; epoch < losses.size(); epoch++) {
      if (losses.get(epoch) < losses.get(best)) {
        best = epoch;
      }
    }
    return losses.size() - 1 - best;
  }

  void step(Batch batch, TrainingRun.Listener listener) throws DivergedException, StoppedException {
    long number = history.steps();
    double progress = (double) number / run.steps();
    List<Double> losses = history.heldOutLosses();
    TrainingGraph.Step step = graph.step(batch, number, progress, losses);
    if (!Double.isFinite(step.loss()) || step.loss() > BOTTOMLESS) {
      throw DivergedException.byLoss(recipe, number + 1, step.loss());
    }
    history = history.step(step.loss(), step.correct(), seconds());
    listener.afterStep(history, step);
    if (history.steps() % run.stepsPerEpoch() == 0) {
      endEpoch(recipe.schedule().factor(progress, losses));
      listener.afterEpoch(history.epochs().get(history.epochs().size() - 1));
      save();
    } else if (System.nanoTime() - saved > SAVE_EVERY_NANOS) {
      save();
    }
    if (listener.stop() && !atEnd()) {
      save();
      throw new StoppedException(history.steps(), run.steps());
    }
  }

  private void endEpoch(double rate) {
    Weights weights = graph.weights();
    HeldOut.Score score = heldOut.score(weights);
    double shown = (double) run.stepsPerEpoch() * recipe.batch();
    history =
        history.epoch(
            new Epoch(
                history.epochs().size() + 1,
                history.lossSum() / run.stepsPerEpoch(),
                history.correct() / shown,
                score.loss(),
                score.accuracy(),
                rate,
                seconds()));
    if (recipe.length().patience().isPresent() && epochsSinceBest(history.heldOutLosses()) == 0) {
      best = Optional.of(weights);
    }
  }

  /**
   * The last epoch is kept, too: publishing may fail. Weights that are worth nothing are not: the
   * loss does not always show them.
   */
  private void save() throws DivergedException {
    Weights state = graph.state();
    if (!state.areFinite()) {
      throw DivergedException.byWeights(recipe, history.steps());
    }
    checkpoints.save(new Checkpoint(history, state, best, Optional.of(run.precision())));
    saved = System.nanoTime();
  }

  private double seconds() {
    return earlierSeconds + (System.nanoTime() - start) / 1e9;
  }

  Trained trained() {
    return new Trained(best.orElseGet(graph::weights), history);
  }
}
