package io.pigeonhole.trainer.recipe;

/**
 * Steps also show images of no class, made of the training images, for which every class is to be
 * equally probable (D. Hendrycks et al., arXiv:1812.04606).
 *
 * @param part how many are shown, as a part of the batch, which is as large as without
 * @param weight of such an image in the loss; others have 1
 */
public record OutlierExposure(double part, double weight) {

  private static final int STEP = 16;

  /** Images of the classes only. */
  public static final OutlierExposure NONE = new OutlierExposure(0, 0);

  /** Such images a step: as many as let it be divided among processors as without them. */
  public int images(int batch) {
    int step = Math.min(STEP, Integer.lowestOneBit(batch));
    return (int) Math.round(part * batch / step) * step;
  }
}
