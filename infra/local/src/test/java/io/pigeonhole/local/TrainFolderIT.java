package io.pigeonhole.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pigeonhole.model.Manifest;
import io.pigeonhole.model.ModelRepository;
import io.pigeonhole.model.S3ModelStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;

/**
 * The packaged trainer learns a bucket of folders, and what a person has corrected: of a product of
 * its own, which has no other corrections.
 */
class TrainFolderIT {
  private static final int PER_CLASS = 60;
  private static final Pattern PARTS =
      Pattern.compile("3 classes: (\\d+) images to train on, (\\d+) held out, (\\d+) to test with");

  @TempDir private static Path data;
  @AutoClose private static RunningProduct product;
  private final Fruit fruits = new Fruit(1);

  @BeforeAll
  static void start() throws Exception {
    product = new RunningProduct(data);
  }

  @Test
  void publishesAModelOfABucketOfFoldersUnderItsOwnName(@TempDir Path temp) throws Exception {
    for (String fruit : Fruit.COLORS.keySet()) {
      for (int i = 0; i < PER_CLASS; i++) {
        put("fruit/%s/ripe ä/%d.%s".formatted(fruit, i, i % 2 == 0 ? "jpg" : "png"), fruit, i);
      }
    }
    product.s3().putObject(r -> r.bucket("dataset").key("fruit/plum/a.txt"), text("no image"));
    String unspeakable = "fruit/plum/b\u0001.txt"; // XML has no such letter
    product.s3().putObject(r -> r.bucket("dataset").key(unspeakable), text("no image"));
    String corrected = "photographed/apple ü.png";
    product.upload(corrected, Scenes.encode(fruits.draw("apple"), "png"));
    product.awaitResult(corrected);
    String path = "/images/" + RunningProduct.encoded(corrected) + "/label";
    byte[] label = "{\"label\":\"apple\"}".getBytes(UTF_8);
    assertThat(product.put(path, "application/json", label).statusCode()).isEqualTo(200);

    String said = train(temp);
    Matcher parts = PARTS.matcher(said);
    assertThat(parts.find()).as(said).isTrue();
    int images = 0;
    for (int part = 1; part <= parts.groupCount(); part++) {
      images += Integer.parseInt(parts.group(part));
    }
    assertThat(images).isEqualTo(Fruit.COLORS.size() * PER_CLASS + 1);
    assertThat(said).contains("plum/a.txt: not-an-image", "2 files skipped");

    ModelRepository repository =
        new ModelRepository(new S3ModelStore(product.s3(), "models"), "fruit");
    Manifest manifest = repository.current().orElseThrow().manifest();
    assertThat(manifest.classes()).containsExactly("apple", "pear", "plum");
    assertThat(manifest.training().dataset()).isEqualTo("fruit");
    assertThat(manifest.metrics().accuracy()).isGreaterThan(0.8);
  }

  private static RequestBody text(String text) {
    return RequestBody.fromString(text);
  }

  private void put(String key, String fruit, int number) {
    byte[] image = Scenes.encode(fruits.draw(fruit), number % 2 == 0 ? "jpeg" : "png");
    product.s3().putObject(r -> r.bucket("dataset").key(key), RequestBody.fromBytes(image));
  }

  private String train(Path temp) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("train", "--recipe", "tutorial"));
    arguments.addAll(List.of("--epochs", "8", "--data", "s3://dataset/fruit"));
    arguments.addAll(List.of("--corrections", "s3://results", "--out", "s3://models"));
    arguments.addAll(List.of("--name", "fruit", "--cache", temp.resolve("cache").toString()));
    try (TrainerProcess trainer = new TrainerProcess(product.product().s3(), arguments)) {
      assertThat(trainer.exitCode()).as(trainer.said()).isZero();
      return trainer.said();
    }
  }
}
