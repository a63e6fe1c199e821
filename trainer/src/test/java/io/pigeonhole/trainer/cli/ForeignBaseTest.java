package io.pigeonhole.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.pigeonhole.command.ExitCode;
import io.pigeonhole.model.FolderModelStore;
import io.pigeonhole.model.Manifest;
import io.pigeonhole.model.ModelFile;
import io.pigeonhole.model.ModelRepository;
import io.pigeonhole.program.Pigeonhole;
import io.pigeonhole.trainer.base.BaseBucket;
import io.pigeonhole.trainer.base.CovariancePooling;
import io.pigeonhole.trainer.base.PatchMeans;
import io.pigeonhole.trainer.base.SavedModelImport;
import io.pigeonhole.trainer.base.SavedModelImport.Wishes;
import io.pigeonhole.trainer.data.ColouredShapes;
import io.pigeonhole.trainer.recipe.BaseGraph;
import io.pigeonhole.trainer.recipe.ShippedRecipes;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A training may begin with the features of a network of others, through the command line. */
class ForeignBaseTest {

  private static final String RECIPE =
      """
      input: {size: 32}
      network:
        - base
        - dense: {units: classes}
      augmentation: {flip: random}
      transfer: {views: 3, l2: [0.1, 0.01, 0.001, 0.0001]}
      """;

  @TempDir static Path temp;
  private static Path few;
  private static Path recipe;
  private static Run training;

  private record Run(int code, String out, String err) {}

  @BeforeAll
  static void train() throws IOException {
    few = ColouredShapes.writeFolders(temp.resolve("few"), 4, 30, 3);
    recipe = Files.writeString(temp.resolve("head.yaml"), RECIPE);
    training = train("shapes", "--base", exported("features").toString());
  }

  private static Path exported(String name) {
    try {
      return Path.of(ForeignBaseTest.class.getResource("/saved-models/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Run run(List<String> words) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        Pigeonhole.execute(
            new PrintWriter(out, true), new PrintWriter(err, true), words.toArray(String[]::new));
    return new Run(code, out.toString(), err.toString());
  }

  private static Run train(String name, String... more) {
    List<String> words =
        new ArrayList<>(List.of("train", "--name", name, "--data", few.toString()));
    words.addAll(List.of("--out", models().toString(), "--cache", temp.resolve("c").toString()));
    if (!List.of(more).contains("--recipe")) {
      words.addAll(List.of("--recipe", recipe.toString()));
    }
    words.addAll(List.of(more));
    return run(words);
  }

  private static Path models() {
    return temp.resolve("models");
  }

  private static Manifest inService(String name) throws Exception {
    return new ModelRepository(new FolderModelStore(models()), name)
        .current()
        .orElseThrow()
        .manifest();
  }

  private static String graphOf(String name) throws Exception {
    return inService(name).files().stream()
        .filter(file -> file.path().equals(Manifest.SAVED_MODEL))
        .map(ModelFile::sha256)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void learnsAHeadThatIsServedWithItsBaseAsOneModel() throws Exception {
    assertThat(training.code()).as(training.err()).isZero();
    assertThat(training.out()).contains("features of ", "5-fold cross-validation");
    Manifest manifest = inService("shapes");
    assertThat(manifest.metrics().accuracy()).isGreaterThan(0.7);
    assertThat(manifest.input().height()).isEqualTo(32);
    assertThat(manifest.files().stream().map(ModelFile::path))
        .containsExactlyInAnyOrder("saved_model.pb", "report.html");
    assertThat(
            run(List.of(
                    "evaluate", models().toString(), "--name", "shapes", "--data", few.toString()))
                .code())
        .isZero();
  }

  @Test
  void computesFeaturesOnce() {
    Run again = train("again", "--base", exported("features").toString());
    assertThat(again.code()).as(again.err()).isZero();
    assertThat(again.out()).doesNotContain("features of ");
  }

  @Test
  void isTheSameForTheSameSeed() throws Exception {
    train("same", "--base", exported("features").toString());
    assertThat(graphOf("same")).isEqualTo(graphOf("shapes"));
  }

  @Test
  void takesAnArchive() throws Exception {
    Path archive = temp.resolve("net.zip");
    Path folder = exported("features");
    try (OutputStream file = Files.newOutputStream(archive);
        ZipOutputStream out = new ZipOutputStream(file);
        Stream<Path> files = Files.walk(folder)) {
      for (Path each : files.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new ZipEntry("net/" + folder.relativize(each)));
        Files.copy(each, out);
      }
    }
    Run run = train("zipped", "--base", archive.toString());
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(graphOf("zipped")).isEqualTo(graphOf("shapes"));
  }

  @Test
  void takesABaseThatTheBucketKeeps() throws Exception {
    Run published =
        run(
            List.of(
                "publish-base",
                models().toString(),
                "ours",
                "--base",
                exported("classifier").toString(),
                "--licence",
                "our own"));
    assertThat(published.code()).as(published.err()).isZero();
    assertThat(published.out()).contains("published base 'ours'", "16 features of images of 32×32");
    assertThat(models().resolve("bases/ours/base.json")).content().contains("our own", "sha256");
    Run run = train("kept", "--base", "ours");
    assertThat(run.code()).as(run.err()).isZero();
    Run byPlace = train("kept2", "--base", models().resolve("bases/ours").toString());
    assertThat(byPlace.code()).as(byPlace.err()).isZero();
    Path file = models().resolve("bases/ours/saved_model.pb");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    assertThat(train("damaged", "--base", "ours").err()).contains("has the SHA-256");
  }

  @Test
  void learnsFromTheGraphOfAModelThatWasPublishedWithoutItsWeights() throws Exception {
    Path mirrored =
        Files.writeString(
            temp.resolve("mirrored.yaml"), ShippedRecipes.text("tutorial") + "\nviews: mirrored\n");
    for (String recipe : List.of("tutorial", mirrored.toString())) {
      String name = "bare" + recipe.length();
      Run bare = train(name, "--recipe", recipe, "--epochs", "6", "--no-weights");
      assertThat(bare.code()).as(bare.err()).isIn(0, ExitCode.NOT_PROMOTED);
      assertThat(bare.out()).contains("are few to learn to see from: --base mobilenet-v2");
      String version =
          new ModelRepository(new FolderModelStore(models()), name).versions().get(0).value();
      String place = models().resolve("models/" + name + "/" + version).toString();
      Run kept = run(List.of("publish-base", models().toString(), name, "--base", place));
      assertThat(kept.out()).contains("64 features of images of 32×32"); // the dense layer before
      Run run = train("on-" + name, "--base", place);
      assertThat(run.code()).as(run.err()).isZero();
    }
  }

  @Test
  void learnsFromTheGraphOfAnotherHead() throws Exception {
    Run run = train("on-head", "--base", models().resolve("models/shapes").toString());
    assertThat(run.code()).as(run.err()).isZero();
  }

  @Test
  void learnsFromCovariancesOfInnerMaps() throws Exception {
    new BaseBucket(new FolderModelStore(models()))
        .write("patches", PatchMeans.base(), "", "", Files.createTempDirectory(temp, "base"));
    Run run = train("covariances", "--base", "patches", "--recipe", "transfer");
    assertThat(run.code()).as(run.err()).isIn(0, ExitCode.NOT_PROMOTED);
    ModelRepository published = new ModelRepository(new FolderModelStore(models()), "covariances");
    Path folder = models().resolve("models/covariances/" + published.versions().get(0).value());
    BaseGraph again = CovariancePooling.of(SavedModelImport.of(folder, Wishes.NONE), 224);
    assertThat(again.own()).isEqualTo(3);
    assertThat(again.count()).isEqualTo(3 + 6);
  }

  @Test
  void fineTunesOnlyWhereItHelps() throws Exception {
    Path tuned =
        Files.writeString(
            temp.resolve("tuned.yaml"),
            RECIPE.replace("- base", "- base: {trained: 0.5}")
                + """
                optimiser:
                  adam: {learning-rate: 0.001}
                epochs: 4
                batch: 16
                """);
    Run run =
        train("tuned", "--recipe", tuned.toString(), "--base", exported("features").toString());
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("fine-tuning, fold 1");
    if (run.out().contains("not fine-tuned")) {
      assertThat(run.out()).doesNotContain("fine-tuning, all");
    } else {
      assertThat(run.out()).contains("fine-tuning, fold 5", "fine-tuning, all");
      assertThat(graphOf("tuned")).isNotEqualTo(graphOf("shapes"));
    }
    assertThat(inService("tuned").metrics().accuracy()).isGreaterThan(0.7);
  }

  @Test
  void saysWhatIsWrong() {
    assertThat(train("x", "--recipe", "transfer").err())
        .contains("recipe 'transfer' begins with the features of another network: --base names it");
    assertThat(train("x", "--base", "no-such-net").err())
        .contains("there is no base 'no-such-net'; known are mobilenet-v2, efficientnet-v2-b0");
    assertThat(train("x", "--base", "ftp://host/net.zip").err()).contains("--base is 'ftp://host");
    assertThat(train("x", "--base", exported("map").toString()).err())
        .contains("cannot be a base", "--base-range");
    assertThat(train("x", "--base-range", "0..1").err()).contains("--base is missing");
    assertThat(train("x", "--base", exported("features").toString(), "--base-range", "0..9").err())
        .contains("'0..9' is no range of inputs");
    assertThat(train("x", "--recipe", "tutorial", "--base", exported("features").toString()).err())
        .contains("recipe 'tutorial' does not begin with a base");
  }
}
