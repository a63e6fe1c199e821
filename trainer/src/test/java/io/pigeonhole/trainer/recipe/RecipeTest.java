package io.pigeonhole.trainer.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.pigeonhole.trainer.network.Network;
import io.pigeonhole.trainer.network.SmallRecipes;
import io.pigeonhole.trainer.recipe.Layer.Conv;
import io.pigeonhole.trainer.recipe.Layer.Padding;
import io.pigeonhole.trainer.recipe.Schedule.Triangular;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecipeTest {

  @Test
  void raisesTheRateAndThenLowersIt() {
    Schedule schedule = new Triangular(0.2, 0.25, 0.1);
    assertThat(schedule.factor(0)).isEqualTo(0.2);
    assertThat(schedule.factor(0.125)).isCloseTo(0.6, within(1e-12));
    assertThat(schedule.factor(0.25)).isEqualTo(1);
    assertThat(schedule.factor(1)).isCloseTo(0.1, within(1e-12));
  }

  @Test
  void keepsTheMeaningOfTheRateWhenTheBatchChanges() {
    Optimiser.ScaledSgd sgd = new Optimiser.ScaledSgd(11.5, 0.85, 0.0153, 64);
    assertThat(sgd.stepRate(1024)).isCloseTo(2 * sgd.stepRate(512), within(1e-12));
    assertThat(sgd.stepRate(1024)).isCloseTo(11.5 / (1 + 1 / 0.15), within(1e-9));
  }

  @Test
  void growsTheImagesOverTheRun() {
    Recipe recipe = SmallRecipes.muon(2);
    assertThat(recipe.sizeAt(0)).isEqualTo(16);
    assertThat(recipe.sizeAt(0.5)).isEqualTo(32);
    assertThat(recipe.sizeAt(1)).isEqualTo(32);
  }

  @Test
  void endsEveryShippedRecipeAtFullSize() {
    assertThat(ShippedRecipes.all())
        .allSatisfy(recipe -> assertThat(recipe.sizeAt(0.999)).isEqualTo(recipe.size()))
        .extracting(Recipe::name)
        .containsExactlyElementsOf(ShippedRecipes.names());
  }

  @Test
  void saysWhichLayerLeavesNothingOfTheImage() {
    List<Layer> layers =
        List.of(new Conv(8, 3, Padding.VALID, 2, false), new Conv(8, 5, Padding.VALID, 1, false));
    assertThatThrownBy(() -> Network.of(layers, 8, 3))
        .hasMessageContaining("layer 2")
        .hasMessageContaining("images of side 8 leaves nothing of its input of 3×3 pixels");
  }
}
