package io.pigeonhole.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.pigeonhole.local.s3.LocalS3;
import io.pigeonhole.model.ModelRepository;
import io.pigeonhole.model.S3ModelStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** The packaged trainer learns data sets in the ways in which buckets have them. */
class TrainBucketIT {
  @TempDir private static Path data;
  @AutoClose private static LocalS3 local;
  private static S3Client s3;
  private final Fruit fruits = new Fruit(2);

  @BeforeAll
  static void start() {
    local = new LocalS3(data, "dataset", "models");
    s3 = local.client();
  }

  @Test
  void takesFoldersOfPartsForTheParts() throws Exception {
    for (String fruit : Fruit.COLORS.keySet()) {
      put("parts/train/" + fruit + "/", fruit, 20);
      put("parts/Val/" + fruit + "/", fruit, 7);
      put("parts/test/" + fruit + "/", fruit, 5);
    }
    assertThat(train("parts", "--data", "s3://dataset/parts"))
        .contains("Val, test, train are taken for the parts of the set; --no-split-folders")
        .contains("3 classes: 60 images to train on, 21 held out, 15 to test with");
    assertThat(classes("parts")).containsExactly("apple", "pear", "plum");
  }

  @Test
  void learnsFromAListOfFilesAndLabels() throws Exception {
    StringBuilder list = new StringBuilder("image_id;label\r\nnone.png;plum\r\n");
    StringBuilder manifest =
        new StringBuilder(
            """
            {"source-ref":"s3://nobodys/a.png","class":0}
            {"source-ref":"s3://no bucket/a.png","class":0}
            {"source-ref":"s3://dataset","class":0}
            """);
    for (String fruit : Fruit.COLORS.keySet()) {
      for (String key : put("contest/train/" + fruit + " ü ", fruit, 20)) {
        String name = key.substring("contest/train/".length());
        list.append(name.replace(".png", "")).append(';').append(fruit).append("\r\n");
        manifest.append(
            "{\"source-ref\":\"s3://dataset/%s\",\"class\":\"%s\"}%n".formatted(key, fruit));
      }
    }
    s3.putObject(
        r -> r.bucket("dataset").key("contest/train.csv"), RequestBody.fromString("\uFEFF" + list));
    s3.putObject(
        r -> r.bucket("dataset").key("manifests/all.manifest"),
        RequestBody.fromString(manifest.toString()));
    assertThat(train("listed", "--data", "s3://dataset/contest/train.csv"))
        .contains("none.png: missing", "1 files skipped")
        .containsPattern("3 classes: \\d+ images to train on");
    assertThat(classes("listed")).containsExactly("apple", "pear", "plum");
    String measured =
        run(
            "evaluate",
            "s3://models",
            "--name",
            "listed",
            "--test",
            "s3://dataset/manifests/all.manifest");
    assertThat(measured)
        .contains("s3://nobodys/a.png: unreadable", "s3://no bucket/a.png: missing")
        .contains("s3://dataset: missing", "3 files skipped", "on 60 images");
  }

  private List<String> put(String start, String fruit, int images) {
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < images; i++) {
      String key = start + i + ".png";
      byte[] image = Scenes.encode(fruits.draw(fruit), "png");
      s3.putObject(r -> r.bucket("dataset").key(key), RequestBody.fromBytes(image));
      keys.add(key);
    }
    return keys;
  }

  private static List<String> classes(String name) throws Exception {
    return new ModelRepository(new S3ModelStore(s3, "models"), name)
        .current()
        .orElseThrow()
        .manifest()
        .classes();
  }

  private String train(String name, String... more) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("train", "--recipe", "tutorial"));
    arguments.addAll(List.of("--epochs", "8", "--name", name, "--out", "s3://models"));
    arguments.addAll(List.of(more));
    return run(arguments.toArray(String[]::new));
  }

  private static String run(String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--cache", data.resolve("cache").toString()));
    try (TrainerProcess trainer = new TrainerProcess(local.endpoint(), all)) {
      assertThat(trainer.exitCode()).as(trainer.said()).isZero();
      return trainer.said();
    }
  }
}
