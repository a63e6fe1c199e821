package io.pigeonhole.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.pigeonhole.image.Resize;
import io.pigeonhole.trainer.data.ColouredShapes;
import io.pigeonhole.trainer.data.Dataset;
import io.pigeonhole.trainer.data.Images;
import io.pigeonhole.trainer.data.SkippedImages;
import io.pigeonhole.trainer.evaluation.Evaluation;
import io.pigeonhole.trainer.network.Precision;
import io.pigeonhole.trainer.network.ServingGraph;
import io.pigeonhole.trainer.network.Weights;
import io.pigeonhole.trainer.recipe.Recipe;
import io.pigeonhole.trainer.recipe.ShippedRecipes;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every shipped recipe as it is, but for few images, small batches and few epochs. */
class ShippedRecipesTrainTest {

  private static final int TEST = 40;

  private static double mean(List<Double> losses) {
    return losses.stream().mapToDouble(d -> d).average().orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "fast, 64, 16, 2",
    "fast-small, 64, 16, 2",
    "accurate, 32, 16, 2",
    "open-set, 64, 16, 2",
    "tutorial, 320, 16, 4",
    "tutorial-augmented, 320, 16, 4",
    "folder-28, 320, 16, 2",
    "photo-224, 16, 4, 2",
    "tiny-64, 128, 16, 3"
  })
  void trains(String name, int count, int batch, int epochs) throws Exception {
    Recipe recipe = ShippedRecipes.named(name).orElseThrow().withBatch(batch).withEpochs(epochs);
    Dataset set =
        new Dataset(
                ColouredShapes.images(count, 1),
                ColouredShapes.images(TEST, 2),
                ColouredShapes.images(TEST, 3),
                "",
                SkippedImages.NONE)
            .resized(recipe.size(), Resize.CROP);
    Heard heard = new Heard();
    TrainingRun run = new TrainingRun(recipe, set.train(), Precision.FLOAT32, 1, 2);
    Weights weights = run.run(heard).weights();
    List<Double> losses = heard.losses();
    int steps = losses.size();
    assertThat(steps).isEqualTo(run.stepsPerEpoch() * epochs);
    assertThat(mean(losses.subList(steps / 2, steps)))
        .isLessThan(mean(losses.subList(0, Math.max(2, steps / 8))));
    assertThat(accuracy(run.recipe(), weights, set.test())).isGreaterThan(0.15);
  }

  private static double accuracy(Recipe recipe, Weights weights, Images test) {
    try (ServingGraph graph = new ServingGraph(recipe, weights, 1, Precision.FLOAT32, false)) {
      return Evaluation.accuracy(graph.scores(test, TEST), test.labels());
    }
  }
}
