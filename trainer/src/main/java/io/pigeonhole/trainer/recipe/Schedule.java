package io.pigeonhole.trainer.recipe;

/** The learning rate over the run, as a factor on the optimiser's peak rate. */
public sealed interface Schedule {

  /**
   * The rate at a point of the run, as a factor on the peak rate.
   *
   * @param progress part of the run that is done, 0 to 1
   */
  double factor(double progress);

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
}
