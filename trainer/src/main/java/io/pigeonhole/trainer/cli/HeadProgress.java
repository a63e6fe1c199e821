package io.pigeonhole.trainer.cli;

import io.pigeonhole.trainer.training.DivergedException;
import io.pigeonhole.trainer.training.StoppedException;
import io.pigeonhole.trainer.training.Trained;
import io.pigeonhole.trainer.training.TrainingRun;
import io.pigeonhole.trainer.transfer.TransferRun;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Prints a line whenever another tenth of the features is there, and what was chosen then. */
final class HeadProgress implements TransferRun.Listener {

  private static final int LINES = 10;

  private final PrintWriter out;
  private final BooleanSupplier stop;
  private final Tuning tuning;
  private long printed;

  /**
   * Prints to a writer.
   *
   * @param stop whether the run is to stop
   * @param tuning does the steps of fine-tuning
   */
  HeadProgress(PrintWriter out, BooleanSupplier stop, Tuning tuning) {
    this.out = out;
    this.stop = stop;
    this.tuning = tuning;
  }

  @Override
  public void beginning(int images, int views) {
    out.printf(
        "features of %d images%s%n",
        images, views == 1 ? "" : ", %d views of each".formatted(views));
    out.flush();
  }

  @Override
  public boolean stop(int done, int of) {
    long tenth = (long) done * LINES / of;
    if (tenth > printed) {
      printed = tenth;
      out.printf("features: %d of %d images%n", done, of);
      out.flush();
    }
    return stop.getAsBoolean();
  }

  @Override
  public void chosen(int folds, double l2, double heldOutAccuracy, double heldOutLoss) {
    out.printf(
        "l2 %s, %s: %.2f%% right, loss %.4f%n",
        l2,
        folds == 1
            ? "chosen by the held-out images"
            : "chosen by %d-fold cross-validation".formatted(folds),
        100 * heldOutAccuracy,
        heldOutLoss);
    out.flush();
  }

  /** Does the steps of a run. */
  @FunctionalInterface
  interface Tuning {
    Trained run(TrainingRun run, String part)
        throws InterruptedException, DivergedException, StoppedException;
  }

  @Override
  public Trained tuned(TrainingRun run, String part)
      throws InterruptedException, DivergedException, StoppedException {
    out.printf(
        "fine-tuning, %s: %d images, %d epochs of %d steps%n",
        part, run.images().count(), run.recipe().epochs(), run.stepsPerEpoch());
    out.flush();
    return tuning.run(run, part);
  }

  @Override
  public void tuned(Optional<String> refusal) {
    refusal.ifPresent(why -> out.printf("not fine-tuned: %s%n", why));
    out.flush();
  }
}
