package io.pigeonhole.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pigeonhole.model.FolderModelStore;
import io.pigeonhole.trainer.checkpoint.CheckpointStore;
import io.pigeonhole.trainer.checkpoint.RunId;
import io.pigeonhole.trainer.data.ColouredShapes;
import io.pigeonhole.trainer.data.Images;
import io.pigeonhole.trainer.network.Precision;
import io.pigeonhole.trainer.network.SmallRecipes;
import io.pigeonhole.trainer.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CheckpointsTest {

  @TempDir Path folder;
  private final Images images = ColouredShapes.images(70, 1);
  private final Images heldOut = ColouredShapes.images(20, 2);
  private final List<String> warnings = new ArrayList<>();

  /** Between them, everything that a step may change. */
  static Stream<Recipe> recipes() {
    return Stream.of(
        SmallRecipes.muon(3),
        SmallRecipes.of(
            """
            input: {size: 32, stages: [{size: 16, until: 0.4}]}
            network:
              - standardise
              - conv: {filters: 4, pool: 2, batch-norm: true}
              - global-max
              - dropout: {rate: 0.3}
              - dense: {units: classes}
            augmentation: {flip: alternating, translate: 2, rotate: 10, cutmix: 0.5}
            balance: sampling
            optimiser: {adamw: {learning-rate: 0.01}}
            lookahead: 2
            schedule: {reduce-on-plateau: {patience: 1}}
            early-stopping: {patience: 2}
            epochs: 3
            batch: 32
            """));
  }

  private TrainingRun run(Recipe recipe) {
    return new TrainingRun(recipe, images, heldOut, Precision.FLOAT32, 5, 1);
  }

  private CheckpointStore store(TrainingRun run) {
    return new CheckpointStore(
        List.of(new FolderModelStore(folder)), "shapes", RunId.of(run, "", ""), warnings::add);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void endsAsIfItHadNeverBeenStopped(Recipe recipe) throws Exception {
    TrainingRun run = run(recipe);
    Heard whole = new Heard();
    Trained wanted = run.run(whole);
    for (long stop : new long[] {1, 2, 5}) {
      Heard first = new Heard(stop);
      assertThatThrownBy(() -> run.run(first, store(run)))
          .isInstanceOf(StoppedException.class)
          .hasMessageContaining("stopped at step " + stop + " of 6");
      Heard second = new Heard();
      Trained trained = run.run(second, store(run));
      assertThat(second.earlier()).isEqualTo(stop);
      List<Double> losses = new ArrayList<>(first.losses());
      losses.addAll(second.losses());
      assertThat(losses).isEqualTo(whole.losses());
      assertThat(trained.weights().checksum()).isEqualTo(wanted.weights().checksum());
      assertThat(trained.history().epochs())
          .usingRecursiveFieldByFieldElementComparatorIgnoringFields("seconds")
          .isEqualTo(wanted.history().epochs());
      store(run).clear();
    }
    assertThat(files()).isEmpty();
    assertThat(warnings).isEmpty();
  }

  @Test
  void hasNothingLeftToDoAfterTheLastEpoch() throws Exception {
    TrainingRun run = run(SmallRecipes.muon(2));
    Trained trained = run.run(new Heard(), store(run));
    assertThat(store(run).latest().orElseThrow().precision()).contains(Precision.FLOAT32);
    Heard again = new Heard();
    assertThat(run.run(again, store(run)).weights().checksum())
        .isEqualTo(trained.weights().checksum());
    assertThat(again.losses()).isEmpty();
    assertThat(files()).hasSize(2);
  }

  @Test
  void goesBackToTheOneBeforeADamagedOne() throws Exception {
    TrainingRun run = run(SmallRecipes.muon(3));
    run.run(new Heard(), store(run));
    List<Path> files = files();
    Path last = files.get(files.size() - 1);
    byte[] whole = Files.readAllBytes(last);
    for (int place : new int[] {0, 9, 300, whole.length / 2, whole.length - 1}) {
      byte[] damaged = whole.clone();
      damaged[place] ^= 0x10;
      Files.write(last, damaged);
      assertGoesOnFrom(4);
    }
    for (int length : new int[] {0, 7, 100, whole.length - 1}) {
      Files.write(last, Arrays.copyOf(whole, length));
      assertGoesOnFrom(4);
    }
    assertThat(warnings).hasSize(9).allMatch(text -> text.startsWith("cannot use the checkpoint"));
  }

  private void assertGoesOnFrom(long step) {
    TrainingRun run = run(SmallRecipes.muon(3));
    assertThat(store(run).latest().orElseThrow().history().steps()).isEqualTo(step);
  }

  @Test
  void trainsOnWhereNothingCanBeKept() throws Exception {
    TrainingRun run = run(SmallRecipes.muon(2));
    Path file = Files.writeString(folder.resolve("checkpoints"), "not a folder");
    Trained trained = run.run(new Heard(), store(run));
    assertThat(trained.history().epochs()).hasSize(2);
    assertThat(warnings).allMatch(text -> text.contains("checkpoint")).hasSizeGreaterThan(1);
    assertThat(file).hasContent("not a folder");
  }

  @Test
  void tellsOtherRunsApart() {
    TrainingRun run = run(SmallRecipes.muon(2));
    RunId id = RunId.of(run, "data", "");
    assertThat(RunId.of(run(SmallRecipes.muon(2)), "data", "")).isEqualTo(id);
    assertThat(RunId.of(run(SmallRecipes.muon(3)), "data", "")).isNotEqualTo(id);
    assertThat(RunId.of(run, "other data", "")).isNotEqualTo(id);
    assertThat(RunId.of(run, "data", "base")).isNotEqualTo(id);
    TrainingRun seeded =
        new TrainingRun(SmallRecipes.muon(2), images, heldOut, Precision.FLOAT32, 6, 1);
    assertThat(RunId.of(seeded, "data", "")).isNotEqualTo(id);
  }
}
