package io.pigeonhole.trainer.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.pigeonhole.trainer.base.BaseSession;
import io.pigeonhole.trainer.base.SavedModelImport;
import io.pigeonhole.trainer.base.SavedModelImport.Wishes;
import io.pigeonhole.trainer.data.ColouredShapes;
import io.pigeonhole.trainer.data.Dataset;
import io.pigeonhole.trainer.data.Images;
import io.pigeonhole.trainer.data.SkippedImages;
import io.pigeonhole.trainer.evaluation.Evaluation;
import io.pigeonhole.trainer.network.Novelty;
import io.pigeonhole.trainer.network.Precision;
import io.pigeonhole.trainer.network.ServingGraph;
import io.pigeonhole.trainer.recipe.BaseGraph;
import io.pigeonhole.trainer.recipe.InvalidRecipeException;
import io.pigeonhole.trainer.recipe.Recipe;
import io.pigeonhole.trainer.recipe.RecipeFile;
import io.pigeonhole.trainer.training.StoppedException;
import io.pigeonhole.trainer.training.Trained;
import io.pigeonhole.trainer.training.TrainingRun;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransferRunTest {

  private static final String RECIPE =
      """
      input: {size: 32}
      network:
        - base
        - dense: {units: classes}
      augmentation: {flip: random}
      transfer: {views: 2, l2: [0.1, 0.001]}
      """;

  private static BaseGraph base;

  @TempDir private Path temp;

  @BeforeAll
  static void readBase() throws Exception {
    Path folder = Path.of(TransferRunTest.class.getResource("/saved-models/classifier").toURI());
    base = SavedModelImport.of(folder, Wishes.NONE);
  }

  private static Recipe recipe(String yaml) throws InvalidRecipeException {
    return RecipeFile.parse("head", "head.yaml", yaml).on(base);
  }

  private static Dataset dataset() {
    Images all = ColouredShapes.images(200, 1);
    return new Dataset(
        all.slice(0, 100), all.slice(100, 120), all.slice(120, 200), "abc", SkippedImages.NONE);
  }

  private TransferRun run(String yaml, Path cache) throws InvalidRecipeException {
    return new TransferRun(recipe(yaml), dataset(), 1, cache, Long.MAX_VALUE);
  }

  /** Stops after some images, and remembers how many were waiting. */
  private static final class Heard implements TransferRun.Listener {
    private final int stopAfter;
    private int waiting;
    private double chosen;

    Heard(int stopAfter) {
      this.stopAfter = stopAfter;
    }

    @Override
    public void beginning(int images, int views) {
      waiting = images;
    }

    @Override
    public boolean stop(int done, int of) {
      return done >= stopAfter;
    }

    @Override
    public void chosen(int folds, double l2, double heldOutAccuracy, double heldOutLoss) {
      chosen = l2;
    }

    @Override
    public Trained tuned(TrainingRun run, String part) {
      throw new AssertionError("nothing is to be fine-tuned");
    }

    @Override
    public void tuned(Optional<String> refusal) {}
  }

  @Test
  void goesOnAmongTheFeaturesAndEndsAsIfItHadNotBeenStopped() throws Exception {
    Path cache = temp.resolve("stopped");
    assertThatThrownBy(() -> run(RECIPE, cache).run(new Heard(40)))
        .isInstanceOf(StoppedException.class)
        .hasMessageContaining("of 120; the same command goes on");
    Heard second = new Heard(Integer.MAX_VALUE);
    Trained gone = run(RECIPE, cache).run(second).trained();
    assertThat(second.waiting).isBetween(60, 80);
    Heard whole = new Heard(Integer.MAX_VALUE);
    Trained alone = run(RECIPE, temp.resolve("whole")).run(whole).trained();
    assertThat(whole.waiting).isEqualTo(120);
    assertThat(gone.weights().checksum()).isEqualTo(alone.weights().checksum());
  }

  @Test
  void measuresTheNoveltyOfEveryImageByTheOthers() throws Exception {
    TransferRun.Outcome outcome = run(RECIPE, temp).run(new Heard(Integer.MAX_VALUE));
    Novelty novelty = outcome.scored().novelty().orElseThrow();
    assertThat(novelty.neighbours().orElseThrow()).hasNumberOfRows(120);
    float[] ofLearned = outcome.scored().novelties();
    long unknown = IntStream.range(0, 120).filter(i -> ofLearned[i] > Novelty.UNKNOWN).count();
    assertThat(ofLearned).hasSize(120);
    assertThat(unknown).isBetween(1L, 6L);
  }

  @Test
  void scoresEveryImageByAHeadThatHasNotSeenIt() throws Exception {
    TransferRun.Outcome outcome = run(RECIPE, temp).run(new Heard(Integer.MAX_VALUE));
    assertThat(outcome.scored().images().count()).isEqualTo(120);
    int[] labels = outcome.scored().images().labels();
    double heldOut = Evaluation.accuracy(outcome.scored().scores(), labels);
    double seen = outcome.trained().history().epochs().get(0).accuracy();
    assertThat(heldOut).isBetween(0.5, seen);
  }

  @Test
  void servesWhatWasFitted() throws Exception {
    TransferRun run = run(RECIPE, temp);
    TransferRun.Outcome outcome = run.run(new Heard(Integer.MAX_VALUE));
    Images test = dataset().test();
    try (ServingGraph graph =
        new ServingGraph(run.recipe(), outcome.trained().weights(), 1, Precision.FLOAT32, false)) {
      assertThat(Evaluation.accuracy(graph.scores(test, 16), test.labels())).isGreaterThan(0.6);
    }
  }

  @Test
  void fitsAHeadOfTwoLayersWithDropout() throws Exception {
    String deep =
        RECIPE.replace(
            "  - dense: {units: classes}",
            "  - dense: {units: 24, activation: relu}\n  - dropout: {rate: 0.2}\n"
                + "  - dense: {units: classes}");
    Heard heard = new Heard(Integer.MAX_VALUE);
    Trained trained = run(deep, temp).run(heard).trained();
    assertThat(trained.history().epochs().get(0).accuracy()).isGreaterThan(0.7);
    assertThat(heard.chosen).isIn(0.1, 0.001);
  }

  @Test
  void fitsAHeadBySquares() throws Exception {
    Heard heard = new Heard(Integer.MAX_VALUE);
    String squared = RECIPE.replace("views: 2", "loss: squared, views: 2");
    Trained trained = run(squared, temp).run(heard).trained();
    assertThat(trained.history().epochs().get(0).accuracy()).isGreaterThan(0.7);
    assertThat(heard.chosen).isIn(0.1, 0.001);
    Trained otherwise = run(RECIPE, temp).run(heard).trained();
    assertThat(trained.weights().checksum()).isNotEqualTo(otherwise.weights().checksum());
  }

  @Test
  void asksTheBaseForManyImagesAsForOne() throws Exception {
    Images some = dataset().train().slice(0, 8);
    try (BaseSession session = new BaseSession(base)) {
      float[] together = session.features(some.read(0, 8), 32);
      for (int image = 0; image < 8; image++) {
        float[] alone = session.features(some.read(image, image + 1), 32);
        for (int i = 0; i < alone.length; i++) {
          assertThat(together[image * alone.length + i]).isCloseTo(alone[i], within(1e-4f));
        }
      }
    }
  }
}
