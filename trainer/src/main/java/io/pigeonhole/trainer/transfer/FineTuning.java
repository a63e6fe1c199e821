package io.pigeonhole.trainer.transfer;

import io.pigeonhole.trainer.data.Images;
import io.pigeonhole.trainer.evaluation.TemperatureScaling;
import io.pigeonhole.trainer.network.HeadGraph;
import io.pigeonhole.trainer.network.Precision;
import io.pigeonhole.trainer.network.ServingGraph;
import io.pigeonhole.trainer.network.Start;
import io.pigeonhole.trainer.network.Weights;
import io.pigeonhole.trainer.recipe.Layer;
import io.pigeonhole.trainer.recipe.Recipe;
import io.pigeonhole.trainer.training.DivergedException;
import io.pigeonhole.trainer.training.Scored;
import io.pigeonhole.trainer.training.StoppedException;
import io.pigeonhole.trainer.training.Trained;
import io.pigeonhole.trainer.training.TrainingRun;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Steps of the optimiser after the head is fitted, through the last part of the base, too (A. Kumar
 * et al., arXiv:2202.10054: the head first, or what the base knows is lost). Tried without the
 * images of one fold; only if the loss on those gets less is it done without those of each other
 * fold, for the calibration, and with all.
 */
final class FineTuning {

  private static final int BATCH = 32;

  private final Recipe recipe;
  private final Images images;
  private final Folds folds;
  private final HeadTraining training;
  private final HeadGraph head;
  private final HeadTraining.Tried best;
  private final long seed;
  private final Tuner tuner;

  /** Does the steps of a run, and tells of them. */
  @FunctionalInterface
  interface Tuner {

    /**
     * Runs to the end.
     *
     * @param part what tells it from the other runs of the same training
     */
    Trained run(TrainingRun run, String part)
        throws InterruptedException, DivergedException, StoppedException;
  }

  FineTuning(
      Recipe recipe,
      Images images,
      Folds folds,
      HeadTraining training,
      HeadGraph head,
      HeadTraining.Tried best,
      long seed,
      Tuner tuner) {
    this.recipe = recipe;
    this.images = images;
    this.folds = folds;
    this.training = training;
    this.head = head;
    this.best = best;
    this.seed = seed;
    this.tuner = tuner;
  }

  /**
   * The outcome, if the images of the first fold say that it is better than the head alone.
   *
   * @throws IllegalArgumentException if an op of the base has no gradient
   */
  Optional<TransferRun.Outcome> outcome()
      throws InterruptedException, DivergedException, StoppedException {
    float[][] scores = new float[images.count()][];
    double[] distances = new double[images.count()];
    Trained first = withoutFold(0, scores, distances);
    if (loss(scores, 0) >= headLoss()) {
      return Optional.empty();
    }
    for (int fold = 1; fold < folds.count(); fold++) {
      withoutFold(fold, scores, distances);
    }
    Trained last = folds.count() == 1 ? first : tuned(images, training.fit(best.l2()), "all");
    int[] tried = IntStream.range(0, images.count()).filter(folds::isTried).toArray();
    float[][] held = Arrays.stream(tried).mapToObj(i -> scores[i]).toArray(float[][]::new);
    double[] ofTried = Arrays.stream(tried).mapToDouble(image -> distances[image]).toArray();
    Scored scored =
        withNetwork(last, graph -> neighbours(graph, folds.learned()))
            .scored(images.only(tried), held, ofTried);
    return Optional.of(new TransferRun.Outcome(last, scored));
  }

  private <T> T withNetwork(Trained trained, Function<ServingGraph, T> asked) {
    try (ServingGraph graph =
        new ServingGraph(recipe, trained.weights(), 1, Precision.FLOAT32, false)) {
      return asked.apply(graph);
    }
  }

  private Neighbours neighbours(ServingGraph graph, int[] learned) {
    int count = ((Layer.Base) recipe.layers().get(0)).graph().orElseThrow().own();
    return Neighbours.of(
        learned,
        images.labels(),
        count,
        seed,
        places -> graph.features(images.only(places), BATCH));
  }

  private Trained withoutFold(int fold, float[][] scores, double[] distances)
      throws InterruptedException, DivergedException, StoppedException {
    int[] others = IntStream.range(0, images.count()).filter(i -> folds.of()[i] != fold).toArray();
    int[] held = held(fold);
    Trained trained =
        tuned(images.only(others), training.fitWithout(best.l2(), fold), "fold " + (fold + 1));
    return withNetwork(
        trained,
        graph -> {
          float[][] found = graph.scores(images.only(held), BATCH);
          float[][] features = graph.features(images.only(held), BATCH);
          Neighbours neighbours = neighbours(graph, others);
          for (int i = 0; i < held.length; i++) {
            scores[held[i]] = found[i];
            distances[held[i]] = neighbours.distance(held[i], features[i]);
          }
          return trained;
        });
  }

  private int[] held(int fold) {
    return IntStream.range(0, images.count()).filter(i -> folds.of()[i] == fold).toArray();
  }

  private Trained tuned(Images some, double[] parameters, String part)
      throws InterruptedException, DivergedException, StoppedException {
    Weights weights = head.weights(parameters);
    Start start = Start.of(recipe, weights, images.classes());
    return tuner.run(
        new TrainingRun(
            recipe, some, some.slice(0, 0), Precision.FLOAT32, seed, 0, Optional.of(start)),
        part);
  }

  private double loss(float[][] scores, int fold) {
    int[] held = held(fold);
    return least(Arrays.stream(held).mapToObj(i -> scores[i]).toArray(float[][]::new), held);
  }

  /** What the head alone has on the same images. */
  private double headLoss() {
    int[] tried = IntStream.range(0, images.count()).filter(folds::isTried).toArray();
    int[] places =
        IntStream.range(0, tried.length).filter(i -> folds.of()[tried[i]] == 0).toArray();
    return least(
        Arrays.stream(places).mapToObj(i -> best.scores()[i]).toArray(float[][]::new),
        Arrays.stream(places).map(i -> tried[i]).toArray());
  }

  private double least(float[][] scores, int[] places) {
    int[] labels = Arrays.stream(places).map(i -> images.labels()[i]).toArray();
    return TemperatureScaling.loss(scores, labels, TemperatureScaling.fit(scores, labels));
  }
}
