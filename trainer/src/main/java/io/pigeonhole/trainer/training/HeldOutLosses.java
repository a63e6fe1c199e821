package io.pigeonhole.trainer.training;

import io.pigeonhole.trainer.data.Images;
import io.pigeonhole.trainer.evaluation.TemperatureScaling;
import io.pigeonhole.trainer.network.Precision;
import io.pigeonhole.trainer.network.ServingGraph;
import io.pigeonhole.trainer.network.Weights;
import io.pigeonhole.trainer.recipe.Recipe;
import io.pigeonhole.trainer.recipe.ServingViews;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

/**
 * How a run does on images that it does not train on, epoch by epoch: that ends it early, and
 * lowers the rate, where the recipe says so. Without such a recipe nothing is measured.
 */
final class HeldOutLosses {

  private static final int BATCH = 250;

  private final Recipe recipe;
  private final Images heldOut;
  private final Precision precision;
  private final List<Double> losses = new ArrayList<>();
  private Optional<Weights> best = Optional.empty();

  HeldOutLosses(Recipe recipe, Images heldOut, Precision precision) {
    this.recipe = recipe.withViews(ServingViews.ONE);
    this.heldOut = heldOut;
    this.precision = precision;
  }

  /** Measures an epoch's weights, if anything depends on it. */
  void afterEpoch(Supplier<Weights> weights) {
    if (!recipe.looksAtHeldOutImages()) {
      return;
    }
    Weights present = weights.get();
    double loss = loss(present);
    if (recipe.length().patience().isPresent() && isBest(loss)) {
      best = Optional.of(present);
    }
    losses.add(loss);
  }

  private double loss(Weights weights) {
    try (ServingGraph graph = new ServingGraph(recipe, weights, 1, precision, false)) {
      return TemperatureScaling.loss(graph.scores(heldOut, BATCH), heldOut.labels(), 1);
    }
  }

  private boolean isBest(double loss) {
    return losses.stream().allMatch(earlier -> loss < earlier);
  }

  /** One an epoch so far. */
  List<Double> soFar() {
    return losses;
  }

  /** Whether it is long enough ago that the loss was at its lowest. */
  boolean endRun() {
    OptionalInt patience = recipe.length().patience();
    return patience.isPresent() && epochsSinceBest(losses) >= patience.getAsInt();
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

  /** The weights of the epoch with the lowest loss, for runs that may end early. */
  Optional<Weights> best() {
    return best;
  }
}
