package io.pigeonhole.trainer.cli;

import io.pigeonhole.trainer.data.Images;
import io.pigeonhole.trainer.evaluation.Evaluation;
import io.pigeonhole.trainer.network.Precision;
import io.pigeonhole.trainer.network.ServingGraph;
import io.pigeonhole.trainer.network.TrainingGraph;
import io.pigeonhole.trainer.network.Weights;
import io.pigeonhole.trainer.training.TrainingRun;
import java.io.Console;
import java.io.PrintWriter;
import java.util.function.Supplier;

/** Shows how a training goes: a bar on a terminal, a line now and then elsewhere. */
final class Progress implements TrainingRun.Listener, AutoCloseable {

  /** Held-out images that are looked at after an epoch: enough for the eye. */
  private static final int LOOK = 1000;

  private static final int BATCH = 125;

  private final TrainingRun run;
  private final Images heldOut;
  private final Display display;
  private final long start = System.nanoTime();
  private double lossSum;
  private long correct;
  private long steps;

  /** Where progress is shown. */
  interface Display extends AutoCloseable {

    /**
     * After a step.
     *
     * @param state in words
     * @param seconds since the start
     */
    void step(long done, long total, String state, double seconds);

    /** After an epoch. */
    void epoch(String state);

    @Override
    void close();
  }

  private Progress(TrainingRun run, Images heldOut, Display display) {
    this.run = run;
    this.heldOut = heldOut.slice(0, Math.min(LOOK, heldOut.count()));
    this.display = display;
  }

  /** For the terminal, if there is one. */
  static Progress of(TrainingRun run, Images heldOut, PrintWriter out) {
    long total = (long) run.stepsPerEpoch() * run.recipe().epochs();
    return new Progress(run, heldOut, isTerminal() ? new Bar(total, out) : new Lines(out));
  }

  /** Up to Java 21 there is a console only on a terminal; later ones have to be asked. */
  @SuppressWarnings("SystemConsoleNull")
  private static boolean isTerminal() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException before22) {
      return true;
    }
  }

  @Override
  public void afterStep(long done, long total, TrainingGraph.Step step) {
    lossSum += step.loss();
    correct += step.correct();
    steps++;
    double seconds = (System.nanoTime() - start) / 1e9;
    long epoch = (done - 1) / run.stepsPerEpoch() + 1;
    String state =
        "epoch %d/%d  loss %.4f  accuracy %.2f%%  %,.0f images/s"
            .formatted(
                epoch,
                run.recipe().epochs(),
                lossSum / steps,
                100.0 * correct / (steps * run.recipe().batch()),
                done * run.recipe().batch() / seconds);
    display.step(done, total, state, seconds);
  }

  @Override
  public void afterEpoch(int done, Supplier<Weights> weights) {
    display.epoch(
        "epoch %d/%d  loss %.4f  accuracy %.2f%%  held out %.2f%%  %.0f s"
            .formatted(
                done,
                run.recipe().epochs(),
                lossSum / steps,
                100.0 * correct / (steps * run.recipe().batch()),
                100 * accuracy(weights.get()),
                (System.nanoTime() - start) / 1e9));
    lossSum = 0;
    correct = 0;
    steps = 0;
  }

  private double accuracy(Weights weights) {
    Precision precision = run.precision();
    try (ServingGraph graph = new ServingGraph(run.recipe(), weights, 1, precision, false)) {
      return Evaluation.accuracy(graph.scores(heldOut, BATCH), heldOut.labels());
    }
  }

  @Override
  public void close() {
    display.close();
  }
}
