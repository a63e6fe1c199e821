package io.pigeonhole.trainer.network;

import io.pigeonhole.trainer.recipe.Augmentation;
import io.pigeonhole.trainer.recipe.Augmentation.Flip;
import io.pigeonhole.trainer.recipe.Layer.Conv;
import io.pigeonhole.trainer.recipe.Layer.Dense;
import io.pigeonhole.trainer.recipe.Layer.GlobalMax;
import io.pigeonhole.trainer.recipe.Layer.Padding;
import io.pigeonhole.trainer.recipe.Layer.Standardise;
import io.pigeonhole.trainer.recipe.Layer.Whitening;
import io.pigeonhole.trainer.recipe.Optimiser;
import io.pigeonhole.trainer.recipe.Recipe;
import io.pigeonhole.trainer.recipe.Schedule;
import io.pigeonhole.trainer.recipe.Stage;
import java.util.List;

/** The shipped recipes' kind of network, small enough for a test. */
public final class SmallRecipes {

  private SmallRecipes() {}

  public static Recipe muon(int epochs) {
    return recipe(new Optimiser.Muon(0.1, 0.6, sgd()), epochs);
  }

  /** The same, answering with both sides of an image. */
  public static Recipe mirrored() {
    Recipe one = muon(2);
    return new Recipe(
        one.name(),
        one.size(),
        one.layers(),
        one.stages(),
        one.augmentation(),
        one.labelSmoothing(),
        one.optimiser(),
        one.lookahead(),
        one.schedule(),
        true,
        one.epochs(),
        one.batch());
  }

  public static Recipe sgd(int epochs) {
    return recipe(sgd(), epochs);
  }

  private static Optimiser.Sgd sgd() {
    return new Optimiser.Sgd(11.5, 0.85, 0.0153, 64);
  }

  private static Recipe recipe(Optimiser optimiser, int epochs) {
    return new Recipe(
        "small",
        32,
        List.of(
            new Standardise(),
            new Whitening(2),
            new Conv(16, 3, Padding.SAME, 2, true),
            new Conv(16, 3, Padding.SAME, 2, true),
            new Conv(32, 3, Padding.SAME, 1, true),
            new GlobalMax(),
            new Dense(10, false, false, 1.0 / 9)),
        List.of(new Stage(16, 0.5), new Stage(32, 1)),
        new Augmentation(Flip.ALTERNATING, 2, 4),
        0.1,
        optimiser,
        5,
        new Schedule.Triangular(0.2, 0.23, 0.07),
        false,
        epochs,
        32);
  }
}
