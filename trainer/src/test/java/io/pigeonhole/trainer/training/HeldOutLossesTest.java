package io.pigeonhole.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pigeonhole.trainer.data.ColouredShapes;
import io.pigeonhole.trainer.data.Images;
import io.pigeonhole.trainer.network.Precision;
import io.pigeonhole.trainer.network.SmallRecipes;
import io.pigeonhole.trainer.network.TrainingGraph;
import io.pigeonhole.trainer.network.Weights;
import io.pigeonhole.trainer.recipe.Recipe;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class HeldOutLossesTest {

  private final Images images = ColouredShapes.images(64, 1);

  private static Recipe recipe(String rest) {
    return SmallRecipes.of(
        """
        input: {size: 32}
        network:
          - rescale
          - conv: {filters: 4, pool: 4}
          - flatten
          - dropout: {rate: 0.2}
          - dense: {units: classes}
        optimiser:
          sgd: {learning-rate: 0.5}
        epochs: 12
        batch: 32
        """
            + rest);
  }

  /** Keeps the weights of each epoch. */
  private static final class Epochs implements TrainingRun.Listener {
    private final List<Weights> weights = new ArrayList<>();

    @Override
    public void afterStep(long done, long total, TrainingGraph.Step step) {}

    @Override
    public void afterEpoch(int done, Supplier<Weights> present) {
      weights.add(present.get());
    }
  }

  @Test
  void countsTheEpochsSinceTheBest() {
    assertThat(HeldOutLosses.epochsSinceBest(List.of(3.0))).isZero();
    assertThat(HeldOutLosses.epochsSinceBest(List.of(3.0, 2.0, 2.5, 2.0))).isEqualTo(2);
  }

  @Test
  void endsARunThatGetsNoBetterWithTheBestWeights() throws Exception {
    Recipe recipe = recipe("early-stopping: {patience: 2}\nseed: 3\n");
    Epochs epochs = new Epochs();
    TrainingRun run = new TrainingRun(recipe, images, images.slice(0, 20), Precision.FLOAT32, 1, 1);
    Weights last = run.run(epochs);
    HeldOutLosses losses = new HeldOutLosses(recipe, images.slice(0, 20), Precision.FLOAT32);
    int best = 0;
    for (int epoch = 0; epoch < epochs.weights.size(); epoch++) {
      int present = epoch;
      losses.afterEpoch(() -> epochs.weights.get(present));
      best = losses.soFar().get(epoch) < losses.soFar().get(best) ? epoch : best;
    }
    assertThat(epochs.weights.size()).isEqualTo(Math.min(12, best + 3));
    assertThat(losses.best()).contains(epochs.weights.get(best));
    assertThat(new HeldOutProbe(recipe, images).loss(last)).isEqualTo(losses.soFar().get(best));
  }

  /** Measures single weights. */
  private record HeldOutProbe(Recipe recipe, Images images) {
    double loss(Weights weights) {
      HeldOutLosses losses = new HeldOutLosses(recipe, images.slice(0, 20), Precision.FLOAT32);
      losses.afterEpoch(() -> weights);
      return losses.soFar().get(0);
    }
  }

  @Test
  void wantsHeldOutImagesForARecipeThatLooksAtThem() {
    assertThatThrownBy(
            () ->
                new TrainingRun(
                    recipe("schedule: reduce-on-plateau\n"), images, Precision.FLOAT32, 1, 1))
        .hasMessageContaining("recipe 'small' looks at held-out images, and there are none");
  }
}
