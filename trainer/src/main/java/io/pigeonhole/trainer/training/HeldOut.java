package io.pigeonhole.trainer.training;

import io.pigeonhole.trainer.data.Images;
import io.pigeonhole.trainer.evaluation.Evaluation;
import io.pigeonhole.trainer.evaluation.TemperatureScaling;
import io.pigeonhole.trainer.network.Precision;
import io.pigeonhole.trainer.network.ServingGraph;
import io.pigeonhole.trainer.network.Weights;
import io.pigeonhole.trainer.recipe.Recipe;
import io.pigeonhole.trainer.recipe.ServingViews;

/** Images that a run does not train on, and how its weights do on them. */
final class HeldOut {

  private static final int BATCH = 125;

  /** Enough for the eye; all are looked at where a recipe decides by them. */
  private static final int LOOK = 1000;

  private final Recipe recipe;
  private final Images images;
  private final Precision precision;

  /**
   * What weights are worth.
   *
   * @param loss mean over the images; NaN without any
   * @param accuracy 0 to 1; NaN without any
   */
  record Score(double loss, double accuracy) {}

  HeldOut(Recipe recipe, Images images, Precision precision) {
    this.recipe = recipe.withViews(ServingViews.ONE);
    this.images =
        recipe.looksAtHeldOutImages() ? images : images.slice(0, Math.min(LOOK, images.count()));
    this.precision = precision;
  }

  /** Measures weights, from one view of each image. */
  Score score(Weights weights) {
    if (images.count() == 0) {
      return new Score(Double.NaN, Double.NaN);
    }
    try (ServingGraph graph = new ServingGraph(recipe, weights, 1, precision, false)) {
      float[][] scores = graph.scores(images, BATCH);
      return new Score(
          TemperatureScaling.loss(scores, images.labels(), 1),
          Evaluation.accuracy(scores, images.labels()));
    }
  }
}
