package io.pigeonhole.trainer.recipe;

/** How often a served image goes through the network; its scores are averaged. */
public enum ServingViews {
  /** Once, as it is. */
  ONE,
  /** As it is and mirrored: twice the work for each answer, and fewer mistakes. */
  MIRRORED,
  /**
   * Both of these, and both again shifted by a pixel up and left, and down and right; the shifted
   * ones count half. Six times the work, and still fewer mistakes.
   */
  SHIFTED
}
