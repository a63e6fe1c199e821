package io.pigeonhole.trainer.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import io.pigeonhole.trainer.recipe.Augmentation.Fill;
import io.pigeonhole.trainer.recipe.Augmentation.Flip;
import io.pigeonhole.trainer.recipe.Augmentation.Warp;
import io.pigeonhole.trainer.recipe.Layer.Activation;
import io.pigeonhole.trainer.recipe.Layer.Conv;
import io.pigeonhole.trainer.recipe.Layer.Dense;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ShippedRecipesTest {

  private static Recipe recipe(String name) {
    return ShippedRecipes.named(name).orElseThrow();
  }

  private static List<Integer> filters(String name) {
    return recipe(name).layers().stream()
        .filter(Conv.class::isInstance)
        .map(layer -> ((Conv) layer).filters())
        .toList();
  }

  @Test
  void beginsEveryFileWithWhatItIsAndItsEvidence() {
    assertThat(ShippedRecipes.names())
        .allSatisfy(
            name ->
                assertThat(ShippedRecipes.text(name))
                    .startsWith("# ")
                    .containsPattern("(?m)^# Evidence: "));
  }

  @Test
  void saysWhatTheTutorialSays() {
    Recipe tutorial = recipe("tutorial");
    assertThat(filters("tutorial")).containsExactly(32, 64, 64);
    assertThat(tutorial.layers()).contains(new Dense(64, Activation.RELU, true, 1));
    assertThat(tutorial.optimiser()).isEqualTo(new Optimiser.Adam(1e-3));
    assertThat(tutorial.augmentation()).isEqualTo(Augmentation.NONE);
    assertThat(tutorial.length()).isEqualTo(Length.of(10, 64));
  }

  @Test
  void saysWhatTheAugmentedTutorialSays() {
    Recipe augmented = recipe("tutorial-augmented");
    assertThat(augmented.layers()).isEqualTo(recipe("tutorial").layers());
    assertThat(augmented.batch()).isEqualTo(32);
    assertThat(augmented.augmentation())
        .isEqualTo(
            new Augmentation(Flip.RANDOM, 0, 0, 0, new Warp(15, 0.1, 0, 0), Fill.NEAREST, 0));
  }

  @Test
  void saysWhatTheFolderTutorialSays() {
    Recipe folder = recipe("folder-28");
    assertThat(folder.size()).isEqualTo(28);
    assertThat(folder.channels()).isEqualTo(1);
    assertThat(filters("folder-28")).containsExactly(32, 64, 64);
    assertThat(folder.layers()).filteredOn(l -> l instanceof Conv c && c.pool() == 2).hasSize(3);
    assertThat(folder.augmentation())
        .isEqualTo(
            new Augmentation(Flip.RANDOM, 0, 0, 0, new Warp(40, 0.2, 0.2, 0.2), Fill.NEAREST, 0));
    assertThat(folder.length().steps()).isEqualTo(OptionalInt.of(100));
  }

  @Test
  void saysWhatThePhotoTutorialSays() {
    Recipe photo = recipe("photo-224");
    assertThat(photo.size()).isEqualTo(224);
    assertThat(filters("photo-224")).containsExactly(32, 64);
    assertThat(photo.layers()).contains(new Dense(128, Activation.RELU, true, 1));
    assertThat(photo.objective().loss()).isEqualTo(Objective.Loss.CATEGORICAL);
    assertThat(photo.optimiser()).isEqualTo(new Optimiser.Adam(1e-3));
    assertThat(photo.batch()).isEqualTo(64);
  }

  @Test
  void saysWhatTheTiniestTutorialSays() {
    Recipe tiny = recipe("tiny-64");
    assertThat(tiny.size()).isEqualTo(64);
    assertThat(filters("tiny-64")).containsExactly(32);
    assertThat(tiny.forClasses(10).layers()).contains(new Dense(10, Activation.NONE, true, 1));
    assertThat(tiny.batch()).isEqualTo(32);
  }
}
