package io.pigeonhole.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pigeonhole.trainer.data.ColouredShapes;
import io.pigeonhole.trainer.data.Images;
import io.pigeonhole.trainer.network.Precision;
import io.pigeonhole.trainer.network.SmallRecipes;
import io.pigeonhole.trainer.recipe.Recipe;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeldOutTest {

  private final Images images = ColouredShapes.images(64, 1);
  private final Images few = images.slice(0, 20);

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

  @Test
  void countsTheEpochsSinceTheBest() {
    assertThat(Course.epochsSinceBest(List.of(3.0))).isZero();
    assertThat(Course.epochsSinceBest(List.of(3.0, 2.0, 2.5, 2.0))).isEqualTo(2);
  }

  @Test
  void endsARunThatGetsNoBetterWithTheBestWeights() throws Exception {
    Recipe recipe = recipe("early-stopping: {patience: 2}\n");
    Heard heard = new Heard();
    Trained trained = new TrainingRun(recipe, images, few, Precision.FLOAT32, 1, 1).run(heard);
    List<Double> losses = heard.epochs().stream().map(Epoch::heldOutLoss).toList();
    double least = losses.stream().mapToDouble(d -> d).min().orElseThrow();
    assertThat(losses.size()).isEqualTo(Math.min(12, losses.indexOf(least) + 3));
    assertThat(trained.history().epochs()).isEqualTo(heard.epochs());
    HeldOut.Score score =
        new HeldOut(recipe.forClasses(10), few, Precision.FLOAT32).score(trained.weights());
    assertThat(score.loss()).isEqualTo(least);
  }

  @Test
  void wantsHeldOutImagesForARecipeThatLooksAtThem() {
    assertThatThrownBy(
            () ->
                new TrainingRun(
                    recipe("schedule: reduce-on-plateau\n"), images, Precision.FLOAT32, 1, 1))
        .hasMessageContaining("recipe 'small' looks at held-out images, and there are none");
  }

  @Test
  void tellsNothingOfHeldOutImagesThatAreNotThere() throws Exception {
    Heard heard = new Heard();
    new TrainingRun(recipe("").withEpochs(1), images, Precision.FLOAT32, 1, 1).run(heard);
    assertThat(heard.epochs().get(0).heldOutLoss()).isNaN();
    assertThat(heard.epochs().get(0).loss()).isPositive();
  }
}
