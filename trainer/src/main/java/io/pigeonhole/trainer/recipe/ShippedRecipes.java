package io.pigeonhole.trainer.recipe;

import io.pigeonhole.trainer.recipe.Augmentation.Flip;
import io.pigeonhole.trainer.recipe.Layer.Conv;
import io.pigeonhole.trainer.recipe.Layer.Dense;
import io.pigeonhole.trainer.recipe.Layer.Flatten;
import io.pigeonhole.trainer.recipe.Layer.GlobalMax;
import io.pigeonhole.trainer.recipe.Layer.Padding;
import io.pigeonhole.trainer.recipe.Layer.Rescale;
import io.pigeonhole.trainer.recipe.Layer.Standardise;
import io.pigeonhole.trainer.recipe.Layer.Whitening;
import java.util.List;

/** The recipes that come with the trainer. */
public final class ShippedRecipes {

  static final Recipe FAST =
      new Recipe(
          "fast",
          32,
          List.of(
              new Standardise(),
              new Whitening(2),
              new Conv(96, 3, Padding.SAME, 2, true),
              new Conv(96, 3, Padding.SAME, 1, true),
              new Conv(288, 3, Padding.SAME, 2, true),
              new Conv(288, 3, Padding.SAME, 1, true),
              new Conv(288, 3, Padding.SAME, 2, true),
              new Conv(288, 3, Padding.SAME, 1, true),
              new GlobalMax(),
              new Dense(10, false, false, 1.0 / 9)),
          List.of(new Stage(24, 0.4), new Stage(32, 1)),
          new Augmentation(Flip.ALTERNATING, 2, 0),
          0.2,
          new Optimiser.Muon(0.1, 0.6, new Optimiser.Sgd(11.5, 0.85, 0.0153, 64)),
          5,
          new Schedule.Triangular(0.2, 0.23, 0.02),
          true,
          8,
          512);

  static final Recipe TUTORIAL =
      new Recipe(
          "tutorial",
          32,
          List.of(
              new Rescale(),
              new Conv(32, 3, Padding.VALID, 2, false),
              new Conv(64, 3, Padding.VALID, 2, false),
              new Conv(64, 3, Padding.VALID, 1, false),
              new Flatten(),
              new Dense(64, true, true, 1),
              new Dense(10, false, true, 1)),
          List.of(new Stage(32, 1)),
          Augmentation.NONE,
          0,
          new Optimiser.Adam(1e-3),
          0,
          new Schedule.Constant(),
          false,
          10,
          64);

  private ShippedRecipes() {}

  /** All of them, the default first. */
  public static List<Recipe> all() {
    return List.of(FAST, TUTORIAL);
  }
}
