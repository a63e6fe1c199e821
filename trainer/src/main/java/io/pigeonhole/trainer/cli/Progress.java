package io.pigeonhole.trainer.cli;

import io.pigeonhole.command.Terminal;
import io.pigeonhole.trainer.network.TrainingGraph;
import io.pigeonhole.trainer.training.Epoch;
import io.pigeonhole.trainer.training.History;
import io.pigeonhole.trainer.training.TrainingRun;
import java.io.PrintWriter;
import java.util.function.BooleanSupplier;

/** Shows how a training goes: a bar on a terminal, a line now and then elsewhere. */
final class Progress implements TrainingRun.Listener, AutoCloseable {

  private final TrainingRun run;
  private final Display display;
  private final BooleanSupplier stop;
  private final long start = System.nanoTime();
  private long earlierSteps;

  /** Where progress is shown. */
  interface Display extends AutoCloseable {

    /**
     * After a step.
     *
     * @param state in words
     * @param seconds since the start
     * @param left seconds to go
     */
    void step(long done, long total, String state, double seconds, double left);

    /** A line that stays. */
    void line(String text);

    @Override
    void close();
  }

  private Progress(TrainingRun run, Display display, BooleanSupplier stop) {
    this.run = run;
    this.display = display;
    this.stop = stop;
  }

  /**
   * For the terminal, if there is one.
   *
   * @param stop whether the run is to stop
   */
  static Progress of(TrainingRun run, PrintWriter out, BooleanSupplier stop) {
    return new Progress(
        run, Terminal.isInteractive() ? new Bar(run.steps(), out) : new Lines(out), stop);
  }

  @Override
  public void resumed(History history) {
    earlierSteps = history.steps();
    display.line(
        "going on after step %d of %d: an earlier run was interrupted there"
            .formatted(history.steps(), run.steps()));
  }

  @Override
  public void afterStep(History history, TrainingGraph.Step step) {
    double seconds = (System.nanoTime() - start) / 1e9;
    long inEpoch = history.steps() - (long) history.epochs().size() * run.stepsPerEpoch();
    int batch = run.recipe().batch();
    long here = history.steps() - earlierSteps;
    String state =
        "epoch %d/%d  loss %.4f  accuracy %.2f%%  %,.0f images/s"
            .formatted(
                history.epochs().size() + 1,
                run.recipe().epochs(),
                history.lossSum() / inEpoch,
                100.0 * history.correct() / (inEpoch * batch),
                here * batch / seconds);
    double left = seconds / here * (run.steps() - history.steps());
    display.step(history.steps(), run.steps(), state, seconds, left);
  }

  @Override
  public void afterEpoch(Epoch epoch) {
    String heldOut =
        Double.isNaN(epoch.heldOutAccuracy())
            ? ""
            : "  held out %.2f%%".formatted(100 * epoch.heldOutAccuracy());
    display.line(
        "epoch %d/%d  loss %.4f  accuracy %.2f%%%s  %.0f s"
            .formatted(
                epoch.number(),
                run.recipe().epochs(),
                epoch.loss(),
                100 * epoch.accuracy(),
                heldOut,
                epoch.seconds()));
  }

  @Override
  public boolean stop() {
    return stop.getAsBoolean();
  }

  @Override
  public void close() {
    display.close();
  }
}
