package io.pigeonhole.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pigeonhole.trainer.data.ColouredShapes;
import io.pigeonhole.trainer.data.LabeledImages;
import io.pigeonhole.trainer.evaluation.Evaluation;
import io.pigeonhole.trainer.evaluation.TemperatureScaling;
import io.pigeonhole.trainer.network.Bfloat16;
import io.pigeonhole.trainer.network.Precision;
import io.pigeonhole.trainer.network.ServingGraph;
import io.pigeonhole.trainer.network.SmallRecipes;
import io.pigeonhole.trainer.network.Start;
import io.pigeonhole.trainer.network.Weights;
import io.pigeonhole.trainer.recipe.Augmentation;
import io.pigeonhole.trainer.recipe.Recipe;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TrainingRunTest {

  private final LabeledImages images = ColouredShapes.images(320, 1);

  @Test
  void learnsWithMuon() throws Exception {
    assertLearns(SmallRecipes.muon(6));
  }

  @Test
  void learnsWithMomentum() throws Exception {
    assertLearns(SmallRecipes.sgd(6));
  }

  private void assertLearns(Recipe recipe) throws Exception {
    Heard heard = new Heard();
    Weights weights = run(recipe, 1).run(heard).weights();
    assertThat(heard.losses()).hasSize(60);
    assertThat(heard.epochs()).hasSize(6);
    assertThat(heard.losses().get(59)).isLessThan(0.7 * heard.losses().get(0));
    LabeledImages unseen = ColouredShapes.images(200, 2);
    try (ServingGraph graph = new ServingGraph(recipe, weights, 1, Precision.FLOAT32, true)) {
      assertThat(Evaluation.accuracy(graph.scores(unseen, 100), unseen.labels()))
          .isGreaterThan(0.6);
    }
  }

  @Test
  void repeatsItselfWithTheSameSeed() throws Exception {
    Heard first = new Heard();
    Heard second = new Heard();
    Heard other = new Heard();
    run(SmallRecipes.muon(2), 7).run(first);
    run(SmallRecipes.muon(2), 7).run(second);
    run(SmallRecipes.muon(2), 8).run(other);
    assertThat(second.losses()).isEqualTo(first.losses());
    assertThat(other.losses()).isNotEqualTo(first.losses());
  }

  @Test
  void isUnsureOfImagesOfNoClassOnlyIfShownSome() throws Exception {
    double without = confidenceInOutliers(SmallRecipes.exposed(0).withEpochs(4));
    double with = confidenceInOutliers(SmallRecipes.exposed(1).withEpochs(4));
    assertThat(with).isLessThan(without - 0.1);
  }

  /** Mean confidence in images of no class that the network was not shown. */
  private double confidenceInOutliers(Recipe recipe) throws Exception {
    Weights weights = run(recipe, 1).run(new Heard()).weights();
    LabeledImages unseen = ColouredShapes.images(200, 2);
    Outlier[] outliers =
        new Views(unseen, Augmentation.NONE, 32, 1, 0).outliers(200, JpegFiles.NONE);
    byte[] pixels = new byte[200 * unseen.bytesPerImage()];
    byte[] painted = new byte[unseen.bytesPerImage()];
    for (int i = 0; i < outliers.length; i++) {
      outliers[i].paint(new byte[painted.length], painted);
      System.arraycopy(painted, 0, pixels, i * painted.length, painted.length);
    }
    LabeledImages strange =
        new LabeledImages(unseen.classes(), 32, ByteBuffer.wrap(pixels), new int[200]);
    try (ServingGraph graph =
        new ServingGraph(recipe.forClasses(10), weights, 1, Precision.FLOAT32, true)) {
      float[][] probabilities = TemperatureScaling.probabilities(graph.scores(strange, 100), 1);
      return Arrays.stream(probabilities)
          .mapToDouble(row -> row[Evaluation.best(row)])
          .average()
          .orElseThrow();
    }
  }

  @Test
  void stopsWhenTheLossIsNoNumberAnyMore() {
    Recipe wild =
        SmallRecipes.of(
            """
            input: {size: 32}
            network:
              - rescale
              - conv: {filters: 8, pool: 4}
              - flatten
              - dense: {units: classes}
            optimiser:
              sgd: {learning-rate: 1000}
            regularisation: {l2: 100}
            epochs: 2
            batch: 32
            """);
    assertThatThrownBy(() -> run(wild, 1).run(new Heard()))
        .isInstanceOf(DivergedException.class)
        .message()
        .contains("lower the learning-rate of recipe 'small', now 1000.0");
  }

  /** Whether or not the loss shows it: a NaN may end at the next ReLU. */
  @Test
  void stopsWhenAWeightIsNoNumberAnyMore() {
    Bfloat16.assumeComputed();
    Kept kept = new Kept();
    TrainingRun run = new TrainingRun(SmallRecipes.notMixed(), images, Precision.BFLOAT16, 1, 1);
    assertThatThrownBy(() -> run.run(new Heard(3), kept)).isInstanceOf(StoppedException.class);
    SmallRecipes.breakFirst(kept.latest().orElseThrow().state());
    assertThatThrownBy(() -> run.run(new Heard(), kept)).isInstanceOf(DivergedException.class);
    assertThat(kept.latest().orElseThrow().history().steps()).isEqualTo(3);
  }

  /** The last checkpoint of a run. */
  private static final class Kept implements Checkpoints {
    private Optional<Checkpoint> last = Optional.empty();

    @Override
    public Optional<Checkpoint> latest() {
      return last;
    }

    @Override
    public void save(Checkpoint checkpoint) {
      last = Optional.of(checkpoint);
    }
  }

  @Test
  void refusesABaseThatIsBroken() {
    Recipe recipe = SmallRecipes.notMixed();
    Optional<Start> base = Optional.of(SmallRecipes.broken(recipe, images));
    TrainingRun run =
        new TrainingRun(recipe, images, images.slice(0, 0), Precision.FLOAT32, 1, 1, base);
    assertThatThrownBy(() -> run.run(new Heard()))
        .hasMessage("the base has weights that are infinite or no numbers");
  }

  @Test
  void refusesFewerImagesThanABatch() {
    LabeledImages few = ColouredShapes.images(31, 1);
    assertThatThrownBy(() -> new TrainingRun(SmallRecipes.sgd(1), few, Precision.FLOAT32, 1, 0))
        .hasMessageContaining("batches of 32 images; the training set has only 31");
  }

  private TrainingRun run(Recipe recipe, long seed) {
    return new TrainingRun(recipe, images, Precision.FLOAT32, seed, 1);
  }
}
