package io.pigeonhole.trainer.transfer;

import io.pigeonhole.trainer.evaluation.TemperatureScaling;
import io.pigeonhole.trainer.network.ClassWeights;
import io.pigeonhole.trainer.network.HeadGraph;
import io.pigeonhole.trainer.network.HeadGraph.Scaling;
import io.pigeonhole.trainer.recipe.Balance;
import io.pigeonhole.trainer.recipe.Layer;
import io.pigeonhole.trainer.recipe.Recipe;
import io.pigeonhole.trainer.recipe.Transfer;
import io.pigeonhole.trainer.training.DivergedException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Fits the rows after a base to convergence: exactly for squared differences, else by L-BFGS. How
 * much large weights cost is chosen by images that were not trained on: of all candidates, the one
 * with the least loss at its best temperature.
 */
final class HeadTraining implements AutoCloseable {

  private static final int MOST_STEPS = 200;

  private final Recipe recipe;
  private final Features features;
  private final Folds folds;
  private final HeadGraph head;
  private final float[] weights;
  private final double[] start;
  private final Optional<RidgeRegression> ridge;

  /**
   * Prepares it.
   *
   * @param recipe with its base and its classes
   * @param scaling that the head's parameters are for
   */
  HeadTraining(
      Recipe recipe, Features features, Folds folds, HeadGraph head, Scaling scaling, long seed) {
    this.recipe = recipe;
    this.features = features;
    this.folds = folds;
    this.head = head;
    this.weights = weights();
    this.start = head.start(seed);
    boolean squared =
        recipe.transfer().loss() == Transfer.Loss.SQUARED && TransferRun.isFew(features.images());
    int classes = ((Layer.Dense) recipe.layers().get(recipe.layers().size() - 1)).units();
    this.ridge =
        squared ? Optional.of(new RidgeRegression(features, scaling, classes)) : Optional.empty();
  }

  /**
   * What the images that were held out say of a candidate.
   *
   * @param l2 factor on the sum of the squares of the kernels
   * @param scores before the softmax, {@code [images][classes]}, of those that are in a fold
   * @param temperature at which their loss is least
   * @param loss at that temperature, mean
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Tried(double l2, float[][] scores, double temperature, double loss) {}

  /** Every class counts the same, where the recipe wants it by weights or by sampling. */
  private float[] weights() {
    int[] labels = features.labels();
    float[] all = new float[labels.length];
    Arrays.fill(all, 1);
    if (recipe.balance() != Balance.NONE) {
      float[] ofClasses = ClassWeights.of(labels, Arrays.stream(labels).max().orElse(0) + 1);
      for (int i = 0; i < all.length; i++) {
        all[i] = ofClasses[labels[i]];
      }
    }
    return all;
  }

  /**
   * The best candidate.
   *
   * @throws DivergedException if none gives numbers
   */
  Tried best() throws DivergedException {
    List<double[]> starts = IntStream.range(0, folds.count()).mapToObj(fold -> start).toList();
    Tried best = null;
    List<Double> strongestFirst = l2().stream().sorted(Comparator.reverseOrder()).toList();
    for (double l2 : strongestFirst) {
      List<double[]> begin = starts;
      List<double[]> fitted =
          IntStream.range(0, folds.count())
              .mapToObj(fold -> minimum(l2, fold, begin.get(fold)))
              .toList();
      Tried tried = tried(l2, fitted);
      if (Double.isFinite(tried.loss()) && (best == null || tried.loss() < best.loss())) {
        best = tried;
      }
      starts = fitted;
    }
    if (best == null) {
      throw DivergedException.ofHead(l2());
    }
    return best;
  }

  /** Those of the recipe are for its loss. */
  private List<Double> l2() {
    boolean asSaid = ridge.isPresent() || recipe.transfer().loss() != Transfer.Loss.SQUARED;
    return asSaid ? recipe.transfer().l2() : Transfer.USUAL.l2();
  }

  private Tried tried(double l2, List<double[]> fitted) {
    float[][] scores = new float[features.images()][];
    for (int fold = 0; fold < fitted.size(); fold++) {
      float[][] all = features.scores(head, fitted.get(fold));
      for (int image = 0; image < scores.length; image++) {
        if (folds.of()[image] == fold) {
          scores[image] = all[image];
        }
      }
    }
    int[] places = IntStream.range(0, scores.length).filter(folds::isTried).toArray();
    float[][] held = Arrays.stream(places).mapToObj(i -> scores[i]).toArray(float[][]::new);
    int[] labels = Arrays.stream(places).map(i -> features.labels()[i]).toArray();
    double temperature = TemperatureScaling.fit(held, labels);
    return new Tried(l2, held, temperature, TemperatureScaling.loss(held, labels, temperature));
  }

  /**
   * Parameters fitted to all images but those that are only held out.
   *
   * @throws DivergedException if they are no numbers
   */
  double[] fit(double l2) throws DivergedException {
    double[] found = minimum(l2, folds.count() == 1 ? 0 : Folds.NEVER, start);
    if (!Arrays.stream(found).allMatch(Double::isFinite)) {
      throw DivergedException.ofHead(List.of(l2));
    }
    return found;
  }

  /** Parameters fitted to all images but those of a fold. */
  double[] fitWithout(double l2, int fold) {
    return minimum(l2, fold, start);
  }

  /**
   * Parameters fitted to all images but one fold's.
   *
   * @param fold {@link Folds#NEVER} for all images
   */
  private double[] minimum(double l2, int fold, double[] from) {
    float[] counted = weights.clone();
    for (int image = 0; image < counted.length; image++) {
      if (fold != Folds.NEVER && folds.of()[image] == fold) {
        counted[image] = 0;
      }
    }
    if (ridge.isPresent()) {
      return ridge.get().minimum(l2, counted);
    }
    return Lbfgs.minimum(
        (place, gradient) ->
            features.loss(head, place, counted, gradient) + head.penalty(place, l2, gradient),
        from,
        MOST_STEPS);
  }

  /** Mean loss of parameters over all images that they were fitted to. */
  double loss(double[] parameters) {
    return features.loss(head, parameters, weights, new double[parameters.length]);
  }

  @Override
  public void close() {
    ridge.ifPresent(RidgeRegression::close);
  }
}
