package io.pigeonhole.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pigeonhole.model.Manifest;
import io.pigeonhole.model.ModelRepository;
import io.pigeonhole.model.S3ModelStore;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;

/**
 * The packaged trainer learns a bucket of folders, and what a person has corrected: of a product of
 * its own, which has no other corrections.
 */
class TrainFolderIT {
  private static final Map<String, Color> FRUIT =
      Map.of("apple", Color.RED, "pear", Color.GREEN, "plum", new Color(90, 0, 160));
  private static final int PER_CLASS = 60;
  private static final Pattern PARTS =
      Pattern.compile("3 classes: (\\d+) images to train on, (\\d+) held out, (\\d+) to test with");

  @TempDir private static Path data;
  private static RunningProduct product;
  private final Random random = new Random(1);

  @BeforeAll
  static void start() throws Exception {
    product = new RunningProduct(data);
  }

  @AfterAll
  static void stop() {
    product.close();
  }

  @Test
  void publishesAModelOfABucketOfFoldersUnderItsOwnName(@TempDir Path temp) throws Exception {
    for (String fruit : FRUIT.keySet()) {
      for (int i = 0; i < PER_CLASS; i++) {
        put("fruit/%s/ripe ä/%d.%s".formatted(fruit, i, i % 2 == 0 ? "jpg" : "png"), fruit, i);
      }
    }
    product.s3().putObject(r -> r.bucket("dataset").key("fruit/plum/a.txt"), text("no image"));
    String corrected = "photographed/apple ü.png";
    product.upload(corrected, Scenes.encode(draw("apple"), "png"));
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
    assertThat(images).isEqualTo(FRUIT.size() * PER_CLASS + 1);
    assertThat(said).contains("plum/a.txt: not-an-image");

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
    byte[] image = Scenes.encode(draw(fruit), number % 2 == 0 ? "jpeg" : "png");
    product.s3().putObject(r -> r.bucket("dataset").key(key), RequestBody.fromBytes(image));
  }

  private BufferedImage draw(String fruit) {
    BufferedImage image = new BufferedImage(80, 60, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = image.createGraphics();
    pen.setColor(new Color(random.nextInt(0x60), random.nextInt(0x60), random.nextInt(0x60)));
    pen.fillRect(0, 0, 80, 60);
    pen.setColor(FRUIT.get(fruit));
    pen.fillOval(15 + random.nextInt(10), 5 + random.nextInt(10), 40, 40);
    pen.dispose();
    return image;
  }

  private String train(Path temp) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-jar", Path.of(System.getProperty("local.trainer")).toString()));
    command.addAll(List.of("train", "--recipe", "tutorial", "--epochs", "8"));
    command.addAll(List.of("--data", "s3://dataset/fruit", "--corrections", "s3://results"));
    command.addAll(List.of("--out", "s3://models", "--name", "fruit"));
    command.addAll(List.of("--cache", temp.resolve("cache").toString()));
    ProcessBuilder trainer = new ProcessBuilder(command).redirectErrorStream(true);
    trainer.environment().put("AWS_ENDPOINT_URL_S3", product.product().s3().toString());
    trainer.environment().put("AWS_ACCESS_KEY_ID", "local");
    trainer.environment().put("AWS_SECRET_ACCESS_KEY", "local");
    trainer.environment().put("TF_CPP_MIN_LOG_LEVEL", "2");
    Process process = trainer.start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }
}
