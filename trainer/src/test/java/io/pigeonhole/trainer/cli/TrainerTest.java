package io.pigeonhole.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pigeonhole.command.ExitCode;
import io.pigeonhole.model.FolderModelStore;
import io.pigeonhole.model.Manifest;
import io.pigeonhole.model.ModelRepository;
import io.pigeonhole.model.ModelVersion;
import io.pigeonhole.model.ProbeImages;
import io.pigeonhole.model.Processor;
import io.pigeonhole.program.Pigeonhole;
import io.pigeonhole.trainer.artifact.SameImages;
import io.pigeonhole.trainer.data.CifarSource;
import io.pigeonhole.trainer.data.ColouredShapes;
import io.pigeonhole.trainer.data.Images;
import io.pigeonhole.trainer.evaluation.Classifier;
import io.pigeonhole.trainer.evaluation.Evaluation;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole way of a model, through the command line, on images that can be learned in seconds. */
class TrainerTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path temp;
  private static Path data;
  private static Path bucket;
  private static Run training;

  private record Run(int code, String out, String err) {}

  @BeforeAll
  static void train() throws IOException {
    data = ColouredShapes.write(temp.resolve("data"), 150, 1);
    bucket = temp.resolve("models");
    training = run(trainArguments(bucket, "4"));
  }

  private static String[] trainArguments(Path out, String epochs) {
    return new String[] {
      "train",
      "--recipe",
      "tutorial",
      "--epochs",
      epochs,
      "--data",
      data.toString(),
      "--out",
      out.toString(),
      "--dataset-name",
      "shapes",
      "--seed",
      "3",
      "--cache",
      temp.resolve("cache").toString()
    };
  }

  private static Run run(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = Pigeonhole.execute(new PrintWriter(out, true), new PrintWriter(err, true), args);
    return new Run(code, out.toString(), err.toString());
  }

  private static ModelRepository repository() {
    return new ModelRepository(new FolderModelStore(bucket), "cifar10");
  }

  private static Manifest inService() throws Exception {
    return repository().current().orElseThrow().manifest();
  }

  private static Path folder(ModelVersion version) {
    return bucket.resolve("models/cifar10").resolve(version.value());
  }

  @Test
  void trainsAndPutsTheModelIntoService() throws Exception {
    assertThat(training.err()).isEmpty();
    assertThat(training.code()).isZero();
    assertThat(training.out()).contains("epoch 4/4", "in service: ");
    Manifest manifest = inService();
    assertThat(manifest.metrics().accuracy()).isGreaterThan(0.5);
    assertThat(manifest.training().recipe()).isEqualTo("tutorial");
    assertThat(manifest.training().dataset()).isEqualTo("shapes");
    assertThat(manifest.training().seed()).isEqualTo(3);
    assertThat(manifest.training().datasetSha256()).isEqualTo(CifarSource.read(data).sha256());
    assertThat(manifest.classes()).isEqualTo(ColouredShapes.CLASSES);
    assertThat(manifest.probes()).hasSize(ProbeImages.COUNT).doesNotHaveDuplicates();
    assertThat(manifest.files())
        .extracting("path")
        .containsExactly("saved_model.pb", "weights/weights.safetensors", "report.html");
  }

  @Test
  void reportsTheMetricsOfTheModelThatIsServed() throws Exception {
    Manifest manifest = inService();
    Images test = CifarSource.read(data).test();
    try (Classifier classifier = Classifier.load(manifest, folder(manifest.version()))) {
      assertThat(
              Evaluation.of(
                  classifier.probabilities(test),
                  test.labels(),
                  test.classes(),
                  manifest.calibration().temperature()))
          .isEqualTo(manifest.metrics());
    }
  }

  @Test
  void answersWithProbabilities() throws Exception {
    Manifest manifest = inService();
    try (Classifier classifier = Classifier.load(manifest, folder(manifest.version()))) {
      for (float[] row : classifier.probabilities(CifarSource.read(data).test())) {
        double sum = 0;
        for (float value : row) {
          assertThat(value).isBetween(0f, 1f);
          sum += value;
        }
        assertThat(sum).isBetween(0.9999, 1.0001);
      }
    }
  }

  @Test
  void evaluatesAModelOfABucketOrAFolder() throws Exception {
    String accuracy = "accuracy %.2f%%".formatted(100 * inService().metrics().accuracy());
    Run ofBucket = run("evaluate", bucket.toString(), "--data", data.toString());
    Run ofFolder =
        run("evaluate", folder(inService().version()).toString(), "--data", data.toString());
    assertThat(ofBucket.code()).isZero();
    assertThat(ofBucket.out()).contains(accuracy);
    assertThat(ofFolder.out()).contains(accuracy);
  }

  @Test
  void labelsImageFilesAndTellsOfThoseThatAreNone() throws Exception {
    Images test = CifarSource.read(data).test();
    Path image = temp.resolve("shape.png");
    ImageIO.write(picture(test, 0), "png", image.toFile());
    Path text = Files.writeString(temp.resolve("text.jpg"), "not an image");

    Run run = run("label", "--model", bucket.toString(), text.toString(), image.toString());
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).startsWith("pigeonhole: " + text + ": ").hasLineCount(1);
    assertThat(run.out()).startsWith(image + "\t");

    String[] all = {"label", "--json", "--top", "99", "--model", bucket.toString()};
    Run json = run(with(all, image.toString()));
    assertThat(json.code()).isZero();
    JsonNode answer = JSON.readTree(json.out());
    Map<String, Double> answered = new HashMap<>();
    answer
        .path("predictions")
        .forEach(
            each -> answered.put(each.path("label").asText(), each.path("confidence").asDouble()));
    Manifest manifest = inService();
    try (Classifier classifier = Classifier.load(manifest, folder(manifest.version()))) {
      float[] expected = classifier.probabilities(test)[0];
      for (int i = 0; i < expected.length; i++) {
        assertThat(answered.get(test.classes().get(i))).isCloseTo(expected[i], within(1e-5));
      }
    }
  }

  private static String[] with(String[] words, String last) {
    String[] all = Arrays.copyOf(words, words.length + 1);
    all[words.length] = last;
    return all;
  }

  private static BufferedImage picture(Images images, int index) {
    int side = images.size();
    byte[] p = images.read(index, index + 1);
    BufferedImage picture = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
    for (int i = 0, at = 0; i < side * side; i++, at += 3) {
      picture.setRGB(
          i % side,
          i / side,
          ((p[at] & 0xff) << 16) | ((p[at + 1] & 0xff) << 8) | (p[at + 2] & 0xff));
    }
    return picture;
  }

  @Test
  void keepsTheBetterModelInService() throws Exception {
    Path ownBucket = temp.resolve("gate");
    copy(inService(), ownBucket);
    ModelVersion better = inService().version();
    assertThat(run("promote", ownBucket.toString(), better.value()).code()).isZero();
    Run worse = run(trainArguments(ownBucket, "1"));
    assertThat(worse.code()).isEqualTo(3);
    assertThat(worse.out()).contains("not promoted", "in service");
    Run versions = run("models", ownBucket.toString());
    assertThat(versions.out()).contains("* " + better);
    assertThat(versions.out().lines()).hasSize(2);
  }

  @Test
  void rollsBackWhenToldTo() throws Exception {
    Path ownBucket = temp.resolve("rollback");
    copy(inService(), ownBucket);
    Run forced = run("promote", ownBucket.toString(), inService().version().value(), "--force");
    assertThat(forced.out()).contains("in service: " + inService().version());
  }

  private static void copy(Manifest manifest, Path to) {
    Run published = run("publish", folder(manifest.version()).toString(), to.toString());
    assertThat(published.code()).as(published.err()).isZero();
  }

  @Test
  void refusesToPublishWhatIsNotWhatTheManifestSays() throws Exception {
    Path copied = copyOfTheVersion("copied");
    Files.write(copied.resolve("saved_model.pb"), new byte[] {1});
    Run run = run("publish", copied.toString(), temp.resolve("other").toString());
    assertError(run, 1, "saved_model.pb");
  }

  private static Path copyOfTheVersion(String name) throws Exception {
    Path copied = temp.resolve(name);
    Path original = folder(inService().version());
    try (var files = Files.walk(original)) {
      List<Path> all = new ArrayList<>(files.toList());
      for (Path file : all) {
        Files.copy(file, copied.resolve(original.relativize(file).toString()));
      }
    }
    return copied;
  }

  @Test
  void doesNotUseAModelThatAnswersOtherwiseThanWhenItWasMeasured() throws Exception {
    Path version = copyOfTheVersion("otherwise");
    Files.write(version.resolve("manifest.json"), answeringOtherwise(inService()).toJson());
    String reason =
        "this processor, %s, computes %s otherwise"
            .formatted(Processor.ofThisMachine().description(), inService().version());
    Path image = temp.resolve("any.png");
    ImageIO.write(picture(CifarSource.read(data).test(), 0), "png", image.toFile());
    assertError(run("evaluate", version.toString(), "--data", data.toString()), 1, reason);
    assertError(run("label", "--model", version.toString(), image.toString()), 1, reason);
  }

  @Test
  void doesNotReplaceAModelThatItCannotMeasureRightly() throws Exception {
    ObjectNode other = json(inService());
    ((ObjectNode) other.get("training")).put("datasetSha256", "0".repeat(64));
    Manifest candidate = Manifest.parse(JSON.writeValueAsBytes(other));
    SameImages gate = new SameImages(repository(), CifarSource.read(data).test(), 0);
    assertThat(gate.refusal(candidate, inService())).isEmpty();
    assertThat(gate.refusal(candidate, answeringOtherwise(inService())).orElseThrow())
        .contains("cannot be measured here: this processor, ", "--force decides");
  }

  private static Manifest answeringOtherwise(Manifest manifest) throws Exception {
    List<Double> sure = new ArrayList<>(Collections.nCopies(manifest.classes().size(), 0.0));
    sure.set(3, 1.0);
    ObjectNode json = json(manifest);
    json.set("probes", JSON.valueToTree(Collections.nCopies(ProbeImages.COUNT, sure)));
    return Manifest.parse(JSON.writeValueAsBytes(json));
  }

  private static ObjectNode json(Manifest manifest) throws IOException {
    return (ObjectNode) JSON.readTree(manifest.toJson());
  }

  @Test
  void saysInOneLineWhatIsWrongWithTheData() {
    Path nowhere = temp.resolve("nowhere");
    assertError(
        run("train", "--data", nowhere.toString(), "--out", temp.resolve("x").toString()),
        1,
        "nowhere is neither a folder nor a file");
  }

  @Test
  void saysInOneLineThatThereIsNoModel() {
    assertError(
        run("evaluate", temp.resolve("empty").toString(), "--data", data.toString()),
        1,
        "no model named 'cifar10' in service");
    assertError(
        run("promote", bucket.toString(), "20260101T000000Z-00000000"), 1, "20260101T000000Z");
  }

  @Test
  void saysInOneLineThatTheFolderCannotBeWritten() throws IOException {
    Path file = Files.writeString(temp.resolve("file"), "");
    assertError(
        run("train", "--data", data.toString(), "--out", file.resolve("models").toString()),
        1,
        "file");
  }

  @Test
  void explainsACommandLineThatIsWrong() {
    assertWrongUse(run(), "a COMMAND");
    assertWrongUse(run("train"), "--out");
    assertWrongUse(run("train", "--out", "x", "--recipe", "slow"), "no recipe 'slow'");
    assertWrongUse(run("train", "--out", "x", "--epochs", "0"), "--epochs is 0");
    assertWrongUse(run("train", "--out", "x", "--margin", "2"), "--margin is 2.0; expected 0 to 1");
    assertWrongUse(run("train", "--out", "x", "--name", "Photos"), "--name is 'Photos'; name: 'Ph");
    assertWrongUse(run("promote", "x", "newest"), "newest");
    assertWrongUse(run("fly"), "fly");
  }

  @Test
  void tellsEveryMistakeOfARecipeFile() throws IOException {
    Path mine = temp.resolve("mine.yaml");
    Files.writeString(
        mine, run("recipes", "tutorial").out().replace("epochs: 10", "epochs: 0\nepoch: 3"));
    Run run = run("train", "--out", "x", "--recipe", mine.toString());
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err().lines()).hasSize(2);
    assertThat(run.err())
        .contains("mine.yaml:22: epochs: 0; expected a whole number from 1 to 100,000")
        .contains("mine.yaml:23: epoch: unknown key; did you mean 'epochs'?");
  }

  @Test
  void listsRecipes() {
    assertThat(run("recipes").out().lines()).hasSize(11).anyMatch(line -> line.startsWith("fast "));
    assertThat(run("recipes", "--json").out().lines())
        .hasSize(11)
        .allMatch(line -> line.startsWith("{\"name\":"));
    assertWrongUse(run("recipes", "fast", "--json"), "--json is for the list");
    assertWrongUse(
        run("recipes", "slow"), "There is no recipe 'slow'; there are: fast, fast-small, accurate");
  }

  @Test
  void listsBases() {
    assertThat(run("bases").out().lines())
        .hasSize(4)
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith("resnet-50 ")
                    .contains("95 MB", "74.9 %", "2048", "MIT"));
    assertThat(run("bases", "--json").out().lines())
        .hasSize(3)
        .anyMatch(line -> line.contains("\"name\":\"resnet-50\",") && line.contains("2048"));
  }

  @Test
  void teachesItsUse() {
    assertThat(run("--help").out()).contains("Exit codes:", "Examples:", "train", "models");
    for (String command :
        List.of(
            "serve",
            "label",
            "train",
            "evaluate",
            "publish",
            "publish-base",
            "promote",
            "models",
            "recipes",
            "bases")) {
      Run help = run("help", command);
      assertThat(help.code()).isZero();
      assertThat(help.out()).contains("Usage: pigeonhole " + command, "Example");
    }
  }

  @Test
  void printsAStackTraceOnlyWhenAsked() {
    Path nowhere = temp.resolve("nowhere");
    Run verbose =
        run("train", "--verbose", "--data", nowhere.toString(), "--out", bucket.toString());
    assertThat(verbose.err()).contains("at io.pigeonhole.trainer");
  }

  private static void assertError(Run run, int code, String part) {
    assertThat(run.code()).isEqualTo(code);
    assertThat(run.err()).startsWith("pigeonhole: ").contains(part);
    assertThat(run.err().lines()).hasSize(1);
  }

  private static void assertWrongUse(Run run, String part) {
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).startsWith("pigeonhole: ").contains(part).contains("--help' explains");
    assertThat(run.err().lines()).hasSize(2);
  }

  /** Two megabytes an image batch, five of them, and a Java that may have eight. */
  @Test
  void saysInOneLineThatMemoryIsOut() throws Exception {
    Path images = ColouredShapes.write(temp.resolve("many"), 800, 1);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:MaxDirectMemorySize=8m", "-cp"));
    command.addAll(List.of(System.getProperty("java.class.path"), Pigeonhole.class.getName()));
    command.addAll(List.of("train", "--recipe", "tutorial", "--data", images.toString()));
    command.addAll(List.of("--out", temp.resolve("none").toString()));
    Path err = temp.resolve("err");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(err.toFile())
            .start();
    assertThat(process.waitFor()).isEqualTo(ExitCode.FAILED);
    assertThat(Files.readAllLines(err))
        .filteredOn(line -> !line.contains("tensorflow") && !line.startsWith("To enable"))
        .singleElement()
        .asString()
        .startsWith("pigeonhole: out of memory (")
        .endsWith("JAVA_OPTS=-Xmx… allows more");
  }
}
