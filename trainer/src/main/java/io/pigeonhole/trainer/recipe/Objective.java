package io.pigeonhole.trainer.recipe;

/**
 * What training makes small: the cross-entropy of the answers, and of the weights what is said
 * here.
 *
 * @param loss how the cross-entropy is called
 * @param labelSmoothing part of the target spread over all classes, 0 to 1
 * @param l1 factor on the sum of the absolute values of all kernels
 * @param l2 factor on the sum of their squares
 * @param outliers what images of no class are to get
 */
public record Objective(
    Loss loss, double labelSmoothing, double l1, double l2, OutlierExposure outliers) {

  /** Plain cross-entropy. */
  public static final Objective PLAIN =
      new Objective(Loss.SPARSE_CATEGORICAL, 0, 0, 0, OutlierExposure.NONE);

  /**
   * Two names of the same mathematics: what differs elsewhere is how labels are kept in memory, and
   * here they are numbers of classes until a step spreads them.
   */
  public enum Loss {
    /** Labels are numbers of classes. */
    SPARSE_CATEGORICAL,
    /** Labels are rows with a one at the class. */
    CATEGORICAL
  }

  /** Plain but for label smoothing. */
  public static Objective smoothed(double labelSmoothing) {
    return new Objective(Loss.SPARSE_CATEGORICAL, labelSmoothing, 0, 0, OutlierExposure.NONE);
  }
}
