package io.pigeonhole.trainer.recipe;

import java.util.List;

/** The learning rate over the run, as a factor on the optimiser's peak rate. */
public sealed interface Schedule {

  /**
   * The rate at a point of the run, as a factor on the peak rate.
   *
   * @param progress part of the run that is done, 0 to 1
   */
  double factor(double progress);

  /**
   * The same, knowing how the run has gone so far.
   *
   * @param heldOutLosses mean loss on images that are not trained on, one an epoch so far
   */
  default double factor(double progress, List<Double> heldOutLosses) {
    return factor(progress);
  }

  /** Whether the loss on held-out images has to be measured after each epoch. */
  default boolean looksAtHeldOutImages() {
    return false;
  }

  /** The same rate throughout. */
  record Constant() implements Schedule {
    @Override
    public double factor(double progress) {
      return 1;
    }
  }

  /**
   * Straight up, then straight down.
   *
   * @param start factor at the first step
   * @param peak part of the run at which the factor is 1
   * @param end factor at the last step
   */
  record Triangular(double start, double peak, double end) implements Schedule {
    @Override
    public double factor(double progress) {
      return progress < peak
          ? start + (1 - start) * progress / peak
          : 1 + (end - 1) * (progress - peak) / (1 - peak);
    }
  }

  /**
   * Up and down along half a cosine each (L. Smith, N. Topin, arXiv:1708.07120).
   *
   * @param start factor at the first step
   * @param peak part of the run at which the factor is 1
   * @param end factor at the last step
   */
  record OneCycle(double start, double peak, double end) implements Schedule {
    @Override
    public double factor(double progress) {
      return progress < peak
          ? between(start, 1, progress / peak)
          : between(1, end, (progress - peak) / (1 - peak));
    }
  }

  /**
   * Straight up, then down along half a cosine (I. Loshchilov, F. Hutter, arXiv:1608.03983).
   *
   * @param warmup part of the run at which the factor is 1; 0 to begin with the full rate
   * @param end factor at the last step
   */
  record Cosine(double warmup, double end) implements Schedule {
    @Override
    public double factor(double progress) {
      return progress < warmup
          ? progress / warmup
          : between(1, end, (progress - warmup) / (1 - warmup));
    }
  }

  /**
   * Falls by the same part in each epoch.
   *
   * @param end factor at the last step
   */
  record Exponential(double end) implements Schedule {
    @Override
    public double factor(double progress) {
      return Math.pow(end, progress);
    }
  }

  /**
   * Falls whenever the loss on held-out images has stopped falling, as Keras' {@code
   * ReduceLROnPlateau} does.
   *
   * @param drop factor by which the rate falls
   * @param patience epochs without a better loss before it does
   * @param least factor below which it does not fall
   */
  record Plateau(double drop, int patience, double least) implements Schedule {

    /** A loss is better if it is lower by this much. */
    private static final double BETTER = 1e-4;

    /** Until a loss is known. */
    @Override
    public double factor(double progress) {
      return 1;
    }

    @Override
    public double factor(double progress, List<Double> heldOutLosses) {
      double factor = 1;
      double best = Double.POSITIVE_INFINITY;
      int waited = 0;
      for (double loss : heldOutLosses) {
        if (loss < best - BETTER) {
          best = loss;
          waited = 0;
        } else if (++waited >= patience) {
          factor = Math.max(least, factor * drop);
          waited = 0;
        }
      }
      return factor;
    }

    @Override
    public boolean looksAtHeldOutImages() {
      return true;
    }
  }

  private static double between(double from, double to, double part) {
    return to + (from - to) * (1 + Math.cos(Math.PI * part)) / 2;
  }
}
