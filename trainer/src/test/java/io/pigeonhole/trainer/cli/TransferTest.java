package io.pigeonhole.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pigeonhole.model.FolderModelStore;
import io.pigeonhole.model.Manifest;
import io.pigeonhole.model.ModelRepository;
import io.pigeonhole.model.ModelVersion;
import io.pigeonhole.program.Pigeonhole;
import io.pigeonhole.trainer.data.ColouredShapes;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A training may begin with the weights of a published model. */
class TransferTest {

  private static final List<String> NEW = List.of("yellow", "pink", "brown");

  @TempDir static Path temp;
  private static String base;

  private record Run(int code, String out, String err) {}

  @BeforeAll
  static void trainBase() throws IOException {
    Path many = ColouredShapes.writeFolders(temp.resolve("all"), 10, 60, 1);
    for (String name : NEW) {
      Files.move(many.resolve(name), temp.resolve(name + " of base"));
    }
    Run run = train("base", many, "--recipe", "tutorial", "--epochs", "8");
    assertThat(run.code()).as(run.err()).isZero();
    base = models().resolve("models/base").toString();
  }

  private static Path models() {
    return temp.resolve("models");
  }

  private static Run train(String name, Path data, String... more) {
    List<String> all = new ArrayList<>(List.of("train", "--name", name, "--data", data.toString()));
    all.addAll(List.of("--out", models().toString(), "--cache", temp.resolve("c").toString()));
    all.addAll(List.of(more));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        Pigeonhole.execute(
            new PrintWriter(out, true), new PrintWriter(err, true), all.toArray(String[]::new));
    return new Run(code, out.toString(), err.toString());
  }

  private static Manifest inService(String name) throws Exception {
    return new ModelRepository(new FolderModelStore(models()), name)
        .current()
        .orElseThrow()
        .manifest();
  }

  private static Manifest published(String name) throws Exception {
    ModelRepository models = new ModelRepository(new FolderModelStore(models()), name);
    return models.manifest(models.versions().get(0));
  }

  /** The folders of the new classes. */
  private static Path fewImages(String name, int perClass, long seed) throws IOException {
    Path all = ColouredShapes.writeFolders(temp.resolve(name + " all"), 10, perClass, seed);
    Path few = Files.createDirectories(temp.resolve(name));
    for (String each : NEW) {
      Files.move(all.resolve(each), few.resolve(each));
    }
    return few;
  }

  @Test
  void beginsWithWhatTheBaseKnows() throws Exception {
    Path few = ColouredShapes.writeFolders(temp.resolve("same"), 10, 20, 2);
    for (String name : NEW) {
      Files.move(few.resolve(name), temp.resolve(name + " of same"));
    }
    Run transferred = train("with", few, "--epochs", "1", "--base", base);
    assertThat(transferred.code()).as(transferred.err()).isZero();
    assertThat(transferred.out()).contains("recipe 'tutorial'");
    train("without", few, "--epochs", "1", "--recipe", "tutorial");
    assertThat(inService("with").metrics().accuracy())
        .isGreaterThan(published("without").metrics().accuracy() + 0.3);
  }

  @Test
  void learnsOtherClassesThanTheBase() throws Exception {
    Path few = fewImages("few", 40, 3);
    String test = fewImages("test", 60, 4).toString();
    Run transferred = train("new", few, "--test", test, "--epochs", "12", "--base", base);
    assertThat(transferred.code()).as(transferred.err()).isZero();
    assertThat(inService("new").classes()).containsExactly("brown", "pink", "yellow");
    assertThat(inService("new").metrics().accuracy()).isGreaterThan(0.6);
  }

  @Test
  void takesAVersionByItsName() throws Exception {
    ModelVersion version = inService("base").version();
    Path few = fewImages("again", 20, 4);
    Run run = train("version", few, "--epochs", "1", "--base", base + "/" + version);
    assertThat(run.code()).as(run.err()).isZero();
  }

  @Test
  void saysWhatIsWrongWithABase() throws Exception {
    Path few = fewImages("wrong", 20, 5);
    assertThat(train("x", few, "--base", "somewhere").err())
        .startsWith("pigeonhole: there is no base 'somewhere'; known are mobilenet-v2");
    assertThat(train("x", few, "--base", models().resolve("models/nobody").toString()).err())
        .startsWith("pigeonhole: no version is in service at ");
    assertThat(train("x", few, "--base", base, "--recipe", "fast").err())
        .startsWith(
            "pigeonhole: the base has another network than the recipe: row0_mean is missing");
  }

  @Test
  void refusesABaseThatThisMachineComputesOtherwise() throws Exception {
    Path copied = Path.of(base.replace("models/models/", "copied/models/"));
    try (Stream<Path> files = Files.walk(Path.of(base))) {
      for (Path file : files.toList()) {
        Path copy = copied.resolve(Path.of(base).relativize(file));
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    }
    Path pointer = copied.resolve("current.json");
    ObjectMapper json = new ObjectMapper();
    ObjectNode manifest = (ObjectNode) json.readTree(pointer.toFile());
    manifest.set("probes", json.readTree("[[1, 0, 0, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0, 0]]"));
    json.writeValue(pointer.toFile(), manifest);
    Path few = fewImages("refused", 20, 7);
    Run refused = train("x", few, "--base", copied.toString());
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).startsWith("pigeonhole: this processor, ").hasLineCount(1);
  }

  @Test
  void refusesWeightsThatAreNotWhatTheManifestSays() throws Exception {
    Path few = fewImages("damaged", 20, 6);
    Run run = train("damaged", few, "--recipe", "tutorial", "--epochs", "20");
    assertThat(run.code()).as(run.err()).isZero();
    Path folder = models().resolve("models/damaged");
    Path weights = folder.resolve(inService("damaged").version() + "/weights/weights.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    bytes[bytes.length - 1] ^= 1;
    Files.write(weights, bytes);
    assertThat(train("x", few, "--base", folder.toString()).err()).contains("has the SHA-256");
  }
}
