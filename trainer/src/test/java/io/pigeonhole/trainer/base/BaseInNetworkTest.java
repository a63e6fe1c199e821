package io.pigeonhole.trainer.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pigeonhole.image.Resize;
import io.pigeonhole.trainer.data.ColouredShapes;
import io.pigeonhole.trainer.data.Dataset;
import io.pigeonhole.trainer.data.Images;
import io.pigeonhole.trainer.data.SkippedImages;
import io.pigeonhole.trainer.network.HeadGraph;
import io.pigeonhole.trainer.network.HeadGraph.Scaling;
import io.pigeonhole.trainer.network.Precision;
import io.pigeonhole.trainer.network.ServingGraph;
import io.pigeonhole.trainer.network.TrainingGraph;
import io.pigeonhole.trainer.network.Weights;
import io.pigeonhole.trainer.recipe.BaseGraph;
import io.pigeonhole.trainer.recipe.Recipe;
import io.pigeonhole.trainer.recipe.RecipeFile;
import io.pigeonhole.trainer.training.Epoch;
import io.pigeonhole.trainer.training.History;
import io.pigeonhole.trainer.training.Trained;
import io.pigeonhole.trainer.training.TrainingRun;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each network that is known by a name, as the first row of one that is trained and served. */
class BaseInNetworkTest {

  private static final String RECIPE =
      """
      input: {size: 32}
      network:
        - base: {trained: 0.1}
        - dense: {units: classes}
      optimiser:
        adam: {learning-rate: 0.001}
      epochs: 1
      batch: 4
      """;

  private static Recipe on(BaseGraph base) throws Exception {
    return RecipeFile.parse("head", "head.yaml", RECIPE)
        .on(base)
        .forClasses(ColouredShapes.CLASSES.size());
  }

  /** Every class's score is the sum of all features. */
  private static Weights summing(Recipe recipe, int features) {
    float[] ones = new float[features];
    Arrays.fill(ones, 1);
    try (HeadGraph head = new HeadGraph(recipe, new Scaling(new float[features], ones))) {
      double[] parameters = new double[head.size()];
      Arrays.fill(parameters, 0, head.size() - ColouredShapes.CLASSES.size(), 1);
      return head.weights(parameters);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mobilenet-v2", "efficientnet-v2-b0", "resnet-50"})
  void scoresWithTheFeaturesOfTheBase(String name) throws Exception {
    BaseGraph base =
        KnownBase.named(name).orElseThrow().architecture().build(new PseudoRandomWeights());
    Recipe recipe = on(base);
    Images images = ColouredShapes.images(2, 1);
    float[] features;
    try (BaseSession session = new BaseSession(base)) {
      features = session.features(images.read(0, 2), images.size());
    }
    double sum = 0;
    for (int i = 0; i < base.count(); i++) {
      sum += features[i];
    }
    Weights weights = summing(recipe, base.count());
    try (ServingGraph graph = new ServingGraph(recipe, weights, 1, Precision.FLOAT32, false)) {
      assertThat((double) graph.scores(images, 2)[0][0]).isCloseTo(sum, within(1e-3 * sum));
    }
    try (ServingGraph half = new ServingGraph(recipe, weights, 1, Precision.FLOAT32, true)) {
      assertThat((double) half.scores(images, 2)[0][0]).isCloseTo(sum, within(2e-2 * sum));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void isTrainedAlong(boolean covariances) throws Exception {
    BaseGraph own =
        KnownBase.named("mobilenet-v2")
            .orElseThrow()
            .architecture()
            .build(new PseudoRandomWeights());
    BaseGraph base = covariances ? CovariancePooling.of(own, 64) : own;
    Images small = ColouredShapes.images(8, 1);
    Images images =
        new Dataset(small, small, small, "small", SkippedImages.NONE)
            .resized(on(base).size(), Resize.STRETCH)
            .train();
    TrainingRun run = new TrainingRun(on(base), images, Precision.FLOAT32, 1, 0);
    Trained trained =
        run.run(
            new TrainingRun.Listener() {
              @Override
              public void afterStep(History history, TrainingGraph.Step step) {}

              @Override
              public void afterEpoch(Epoch epoch) {}
            });
    assertThat(trained.weights().areFinite()).isTrue();
    assertThat(trained.weights().checksum())
        .isNotEqualTo(summing(on(base), base.count()).checksum());
  }
}
