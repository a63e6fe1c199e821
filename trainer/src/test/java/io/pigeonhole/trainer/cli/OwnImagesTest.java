package io.pigeonhole.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pigeonhole.command.ExitCode;
import io.pigeonhole.model.FolderModelStore;
import io.pigeonhole.model.Manifest;
import io.pigeonhole.model.ModelRepository;
import io.pigeonhole.program.Pigeonhole;
import io.pigeonhole.trainer.data.ColouredShapes;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way of a model of one's own folders of classes, through the command line. */
class OwnImagesTest {

  private static final int PER_CLASS = 80;

  @TempDir static Path temp;
  private static Path folder;
  private static Run training;

  private record Run(int code, String out, String err) {}

  @BeforeAll
  static void train() throws IOException {
    folder = ColouredShapes.writeFolders(temp.resolve("shapes"), 3, PER_CLASS, 1);
    Files.writeString(folder.resolve("red/notes.txt"), "no image");
    training = onFolder("train", "--recipe", "tutorial", "--epochs", "8", "--out", models());
  }

  private static String models() {
    return temp.resolve("models").toString();
  }

  private static Run onFolder(String... args) {
    return run(args, "--name", "shapes", "--data", folder.toString(), "--cache", cache());
  }

  private static String cache() {
    return temp.resolve("cache").toString();
  }

  private static Run run(String[] args, String... more) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] all = new String[args.length + more.length];
    System.arraycopy(args, 0, all, 0, args.length);
    System.arraycopy(more, 0, all, args.length, more.length);
    int code = Pigeonhole.execute(new PrintWriter(out, true), new PrintWriter(err, true), all);
    return new Run(code, out.toString(), err.toString());
  }

  private static Manifest inService() throws Exception {
    return new ModelRepository(new FolderModelStore(Path.of(models())), "shapes")
        .current()
        .orElseThrow()
        .manifest();
  }

  @Test
  void learnsTheFolders() throws Exception {
    assertThat(training.err()).isEmpty();
    assertThat(training.code()).isZero();
    assertThat(training.out())
        .contains("decoding 241 images once; they take 1 MB of disk in ", "1 files skipped")
        .contains("red/notes.txt: not-an-image");
    Manifest manifest = inService();
    assertThat(manifest.classes()).containsExactly("blue", "green", "red");
    assertThat(manifest.training().dataset()).isEqualTo("shapes");
    assertThat(manifest.metrics().accuracy()).isGreaterThan(0.6);
    assertThat(manifest.output().novelty()).contains("novelty");
    assertThat(manifest.calibration().novelty()).hasValue(0.95);
  }

  @Test
  void measuresOnImagesThatItWasNotTrainedOn() throws Exception {
    Run measured = onFolder("evaluate", models());
    assertThat(measured.code()).isZero();
    assertThat(measured.out())
        .doesNotContain("decoding")
        .contains("accuracy %.2f%%".formatted(100 * inService().metrics().accuracy()));
  }

  @Test
  void measuresOnImagesOfNoneOfTheClasses() throws Exception {
    Path outliers = ColouredShapes.writeFolders(temp.resolve("outliers"), 6, 10, 7);
    for (String known : inService().classes()) {
      try (Stream<Path> files = Files.list(outliers.resolve(known))) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
    }
    assertThat(inService().metrics().outliers()).isEmpty();
    Run measured = onFolder("evaluate", models(), "--outliers", outliers.toString(), "--json");
    JsonNode metrics = new ObjectMapper().readTree(measured.out()).path("outliers");
    assertThat(metrics.path("samples").asInt()).isEqualTo(30);
    assertThat(metrics.path("auroc").asDouble()).isBetween(0.3, 1.0);
    Run missing = onFolder("evaluate", models(), "--outliers", temp.resolve("no").toString());
    assertThat(missing.code()).isEqualTo(1);
    assertThat(missing.err()).contains("no is not a folder");
  }

  @Test
  void measuresOnAnotherFolder() throws Exception {
    Path others = ColouredShapes.writeFolders(temp.resolve("others"), 3, 20, 7);
    String[] command = {"evaluate", models(), "--name", "shapes"};
    Run measured = run(command, "--test", others.toString(), "--cache", cache());
    assertThat(measured.err()).isEmpty();
    assertThat(measured.out()).contains(" on 60 images");
  }

  @Test
  void takesAListWhereItTakesAFolder() throws IOException {
    Path others = ColouredShapes.writeFolders(temp.resolve("listed"), 3, 20, 9);
    StringBuilder rows = new StringBuilder("kind,file\n");
    try (Stream<Path> all = Files.walk(others)) {
      all.filter(Files::isRegularFile)
          .map(others::relativize)
          .forEach(file -> rows.append(file.getParent()).append(',').append(file).append('\n'));
    }
    Path list = Files.writeString(temp.resolve("some.csv"), rows + "red,none.png\n");
    String[] command = {"evaluate", models(), "--name", "shapes", "--test", list.toString()};
    Run measured = run(command, "--images", others.toString(), "--cache", cache());
    assertThat(measured.err()).isEmpty();
    assertThat(measured.out()).contains("none.png: missing", " on 60 images");
    Run wrong = onFolder("evaluate", models(), "--images", others.toString());
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.err()).startsWith("pigeonhole: --images, --image-column and --label-column");
    Run none = run(new String[] {"train", "--data", "none.csv", "--out", models()}, "--name", "n");
    assertThat(none.code()).isEqualTo(1);
    assertThat(none.err()).isEqualTo("pigeonhole: there is no none.csv\n");
  }

  @Test
  void labelsAFile() {
    String[] command = {"label", "--model", models(), "--name", "shapes"};
    Path image = folder.resolve("red/image 0.jpg");
    Path file = Files.exists(image) ? image : folder.resolve("red/image 0.png");
    assertThat(run(command, file.toString()).out()).startsWith(file + "\t");
  }

  @Test
  void doesNotPromoteWhatHasLearnedNothing() throws IOException {
    Path same = temp.resolve("same");
    Path image = folder.resolve("red/image 0.jpg");
    Path only = Files.exists(image) ? image : folder.resolve("red/image 0.png");
    for (String name : List.of("one", "other")) {
      Files.createDirectories(same.resolve(name));
      for (int copy = 0; copy < 40; copy++) {
        Files.copy(only, same.resolve(name).resolve("copy " + copy));
      }
    }
    String[] command = {"train", "--data", same.toString(), "--recipe", "tutorial"};
    Run run =
        run(command, "--epochs", "1", "--name", "same", "--out", models(), "--cache", cache());
    assertThat(run.code()).isEqualTo(ExitCode.NOT_PROMOTED);
    assertThat(run.out()).contains("not promoted: ", "it has learned nothing: ");
  }

  @Test
  void asksForTheNameOfTheModel() {
    String[] command = {"train", "--data", folder.toString(), "--out", models()};
    Run unnamed = run(command);
    assertThat(unnamed.code()).isEqualTo(2);
    assertThat(unnamed.err()).startsWith("pigeonhole: --name is missing");
  }

  @Test
  void saysInOneLineWhatIsWrongWithTheFolders() throws IOException {
    Path one = Files.createDirectories(temp.resolve("one"));
    Files.createSymbolicLink(one.resolve("red"), folder.resolve("red"));
    String[] command = {"train", "--data", one.toString(), "--out", models(), "--name", "one"};
    Run run = run(command, "--cache", cache());
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).startsWith("pigeonhole: found 1 classes, [red]").hasLineCount(1);
  }

  @Test
  void takesFoldersOfPartsForPartsUnlessItIsToldNotTo() throws Exception {
    Path root = temp.resolve("parts");
    ColouredShapes.writeFolders(root.resolve("train"), 2, 30, 5);
    ColouredShapes.writeFolders(root.resolve("test"), 2, 10, 6);
    String[] args = {"train", "--recipe", "tutorial", "--epochs", "1", "--out", models()};
    String[] more = {"--name", "parts", "--data", root.toString(), "--cache", cache()};
    Run parts = run(args, more);
    assertThat(parts.out())
        .contains("test, train are taken for the parts of the set; --no-split-folders")
        .contains("2 classes: ", " 20 to test with");
    String[] literally = Arrays.copyOf(more, more.length + 1);
    literally[more.length] = "--no-split-folders";
    assertThat(run(args, literally).out()).doesNotContain("taken for the parts");
    assertThat(
            new ModelRepository(new FolderModelStore(Path.of(models())), "parts").versions().size())
        .isEqualTo(2);
  }

  @Test
  void labelsTheImagesOfAFolder() throws Exception {
    String[] command = {"label", "--model", models(), "--name", "shapes"};
    Run labeled = run(command, folder + "/blue");
    assertThat(labeled.code()).as(labeled.err()).isZero();
    assertThat(labeled.out().lines()).hasSize(PER_CLASS);
    Path empty = Files.createDirectories(temp.resolve("empty"));
    assertThat(run(command, empty.toString()).err())
        .contains(empty + ": it is a folder without files that can be read");
  }
}
