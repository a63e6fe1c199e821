package io.pigeonhole.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.pigeonhole.local.s3.LocalS3;
import io.pigeonhole.model.FolderModelStore;
import io.pigeonhole.model.Manifest;
import io.pigeonhole.model.ModelFile;
import io.pigeonhole.model.ModelRepository;
import io.pigeonhole.model.ModelStore;
import io.pigeonhole.model.S3ModelStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;

/** Trainings that are killed end with the weights of one that was left alone, bit by bit. */
class KilledTrainingIT {
  private static final int PER_CLASS = 250;
  private static final int SIGTERM_EXIT = 143;
  private static final String RESUMED = "going on after step";

  @TempDir private static Path folder;
  @AutoClose private static LocalS3 local;
  private static S3Client s3;
  private static String undisturbed;

  @BeforeAll
  static void trainUndisturbed() throws Exception {
    local = new LocalS3(folder, "models");
    s3 = local.client();
    Fruit fruits = new Fruit(7);
    for (String fruit : Fruit.COLORS.keySet()) {
      Path all = Files.createDirectories(folder.resolve("fruit").resolve(fruit));
      for (int i = 0; i < PER_CLASS; i++) {
        Files.write(all.resolve(i + ".png"), Scenes.encode(fruits.draw(fruit), "png"));
      }
    }
    Path models = folder.resolve("undisturbed");
    try (TrainerProcess trainer = trainer(models.toString(), folder.resolve("cache"))) {
      assertThat(trainer.exitCode()).as(trainer.said()).isZero();
      assertThat(trainer.said()).doesNotContain(RESUMED);
    }
    undisturbed = weights(new FolderModelStore(models));
  }

  private static TrainerProcess trainer(String out, Path cache) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("train", "--recipe", "tutorial"));
    arguments.addAll(List.of("--epochs", "6", "--seed", "5", "--threads", "2", "--name", "fruit"));
    // each of these machines would measure for itself which is faster
    arguments.addAll(List.of("--precision", "float32"));
    arguments.addAll(List.of("--data", folder.resolve("fruit").toString(), "--out", out));
    arguments.addAll(List.of("--cache", cache.toString()));
    return new TrainerProcess(local.endpoint(), arguments);
  }

  /** The hash of the published weights. */
  private static String weights(ModelStore store) throws Exception {
    Manifest manifest = new ModelRepository(store, "fruit").current().orElseThrow().manifest();
    assertThat(manifest.training().epochs()).isEqualTo(6);
    return manifest.files().stream()
        .filter(file -> file.path().startsWith("weights/"))
        .map(ModelFile::sha256)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void goesOnAfterAKillOnTheSameMachine() throws Exception {
    Path models = folder.resolve("killed");
    Path cache = folder.resolve("cache-of-killed");
    for (String moment : List.of("decoding", "epoch 1/6", "epoch 3/6", "class  ")) {
      try (TrainerProcess trainer = trainer(models.toString(), cache)) {
        trainer.awaitLine(moment);
        trainer.kill();
      }
    }
    try (TrainerProcess trainer = trainer(models.toString(), cache)) {
      assertThat(trainer.exitCode()).as(trainer.said()).isZero();
      assertThat(trainer.said()).contains(RESUMED);
    }
    assertThat(weights(new FolderModelStore(models))).isEqualTo(undisturbed);
    assertThat(new FolderModelStore(cache).list("checkpoints/")).isEmpty();
  }

  @Test
  void goesOnAfterTheNoticeOfASpotInstanceOnAnotherMachine() throws Exception {
    S3ModelStore bucket = new S3ModelStore(s3, "models");
    for (int machine = 1; machine <= 2; machine++) {
      try (TrainerProcess trainer = trainer("s3://models", folder.resolve("machine-" + machine))) {
        trainer.awaitLine("epoch " + (2 * machine - 1) + "/6");
        trainer.terminate();
        assertThat(trainer.exitCode()).as(trainer.said()).isEqualTo(SIGTERM_EXIT);
        assertThat(trainer.said()).contains("stopped at step").doesNotContain("Exception");
      }
      assertThat(bucket.list("checkpoints/fruit/")).isNotEmpty();
    }
    try (TrainerProcess trainer = trainer("s3://models", folder.resolve("machine-3"))) {
      assertThat(trainer.exitCode()).as(trainer.said()).isZero();
      assertThat(trainer.said()).contains(RESUMED);
    }
    assertThat(weights(bucket)).isEqualTo(undisturbed);
    assertThat(bucket.list("checkpoints/")).isEmpty();
  }
}
