package io.pigeonhole.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.pigeonhole.program.Pigeonhole;
import io.pigeonhole.trainer.data.ColouredShapes;
import io.pigeonhole.trainer.network.MachineTrial;
import io.pigeonhole.trainer.network.Precision;
import io.pigeonhole.trainer.recipe.Recipe;
import io.pigeonhole.trainer.recipe.ShippedRecipes;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** In which format the trainer trains. */
class PrecisionTest {

  private static final Recipe RECIPE =
      ShippedRecipes.named("tutorial").orElseThrow().forClasses(10);

  @TempDir private Path temp;

  private record Run(int code, String out, String err) {}

  private Run train(String... more) throws IOException {
    Path data = ColouredShapes.write(temp.resolve("data"), 40, 1);
    List<String> arguments =
        Stream.concat(
                Stream.of("train", "--recipe", "tutorial", "--epochs", "1"),
                Stream.concat(
                    Stream.of("--data", data.toString(), "--cache", temp.toString()),
                    Stream.concat(
                        Stream.of("--out", temp.resolve("models").toString()), Stream.of(more))))
            .toList();
    return run(arguments.toArray(String[]::new));
  }

  private static Run run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        Pigeonhole.execute(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    return new Run(code, out.toString(), err.toString());
  }

  /** Whichever it is: the training says what it takes, and why. */
  @Test
  void isTheFastestThatIsRightHereAndSaysWhy() throws IOException {
    Run run = train();
    assertThat(run.err()).isEmpty();
    MachineTrial trial = RememberedTrial.of(RECIPE, 0, true, temp);
    String said =
        trial.fastest() == Precision.BFLOAT16
            ? "precision bfloat16: it "
            : "precision float32: bfloat16 ";
    assertThat(run.out()).contains(said + trial.finding());
  }

  @Test
  void isWhatTheCommandLineSays() throws IOException {
    Run run = train("--precision", "float32");
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).contains("precision float32: bfloat16 was not asked for");
  }

  @Test
  void bfloat16IsRefusedWhereItIsNotRight() throws IOException {
    MachineTrial trial = RememberedTrial.of(RECIPE, 0, true, temp);
    assumeFalse(trial.right(), () -> "bfloat16 " + trial.finding() + ": nothing to refuse here");
    Run run = train("--precision", "bfloat16");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("bfloat16 " + trial.finding(), "--precision float32");
  }

  /** Else its weights would not be those of a run that was left alone. */
  @Test
  void staysWhatItWasWhenAnInterruptedRunGoesOn() {
    MachineTrial faster = new MachineTrial(true, 2, 1, "is right");
    MachineTrial slower = new MachineTrial(true, 1, 2, "is right");
    MachineTrial wrong = new MachineTrial(false, 1, 0, "is wrong");
    assertThat(precision(faster, Optional.empty())).isEqualTo(Precision.BFLOAT16);
    assertThat(precision(slower, Optional.empty())).isEqualTo(Precision.FLOAT32);
    assertThat(precision(faster, Optional.of(Precision.FLOAT32))).isEqualTo(Precision.FLOAT32);
    assertThat(precision(slower, Optional.of(Precision.BFLOAT16))).isEqualTo(Precision.BFLOAT16);
    assertThat(precision(wrong, Optional.of(Precision.BFLOAT16))).isEqualTo(Precision.FLOAT32);
    assertThat(precision(faster, Optional.of(Precision.BFLOAT16), "--precision", "FLOAT32"))
        .isEqualTo(Precision.FLOAT32);
  }

  private static Precision precision(
      MachineTrial trial, Optional<Precision> checkpoint, String... arguments) {
    return CommandLine.populateCommand(new RecipeOptions(), arguments)
        .precision(RECIPE, trial, checkpoint);
  }

  private void remember(String single, String half) throws IOException {
    try (Stream<Path> files = Files.list(temp.resolve("trials"))) {
      for (Path file : files.toList()) {
        String kept = Files.readString(file);
        Files.writeString(
            file,
            kept.replaceFirst("float32-seconds=.*", single)
                .replaceFirst("bfloat16-seconds=.*", half));
      }
    }
  }

  @Test
  void isLookedForOnceForAMachineAndANetwork() throws IOException {
    MachineTrial first = RememberedTrial.of(RECIPE, 0, true, temp);
    Path file;
    try (Stream<Path> files = Files.list(temp.resolve("trials"))) {
      file = files.toList().get(0);
    }
    String kept = Files.readString(file);
    Files.writeString(file, kept.replaceFirst("float32-seconds=.*", "float32-seconds=12.5"));
    assertThat(RememberedTrial.of(RECIPE, 0, true, temp).float32Seconds()).isEqualTo(12.5);
    String noNumber = kept.replaceFirst("float32-seconds=.*", "float32-seconds=x");
    for (String damaged : new String[] {"", "right=true", noNumber, "\u00ff\u00fe"}) {
      Files.writeString(file, damaged, StandardCharsets.ISO_8859_1);
      assertThat(RememberedTrial.of(RECIPE, 0, true, temp).right()).isEqualTo(first.right());
      assertThat(Files.readString(file)).doesNotContain("=x").contains("float32-seconds=");
    }
  }

  /** A machine may have been busy. */
  @Test
  void isLookedForAgainTheNextDay() throws IOException {
    RememberedTrial.of(RECIPE, 0, true, temp);
    remember("float32-seconds=12.5", "bfloat16-seconds=12.5");
    try (Stream<Path> files = Files.list(temp.resolve("trials"))) {
      Instant yesterday = Instant.now().minus(Duration.ofHours(25));
      Files.setLastModifiedTime(files.toList().get(0), FileTime.from(yesterday));
    }
    assertThat(RememberedTrial.of(RECIPE, 0, true, temp).float32Seconds()).isLessThan(12);
  }

  @Test
  void aCacheThatCannotBeUsedCostsNoTraining() throws IOException {
    Path file = Files.writeString(temp.resolve("no-folder"), "");
    assertThat(RememberedTrial.of(RECIPE, 0, false, file).float32Seconds()).isPositive();
    assertThat(Files.readString(file)).isEmpty();
  }

  /** The default is for people who wait: of two, that which takes minutes. */
  @Test
  void theSmallerNetworkIsTakenWhereTheDefaultIsSlow() throws IOException {
    Path data = ColouredShapes.write(temp.resolve("data"), 40, 1);
    String[] arguments = {
      "train",
      "--epochs",
      "1",
      "--data",
      data.toString(),
      "--out",
      temp.resolve("m").toString(),
      "--cache",
      temp.toString()
    };
    Run quick = run(arguments);
    assertThat(quick.out()).contains("recipe 'fast': ");
    remember("float32-seconds=100", "bfloat16-seconds=100");
    Run slow = run(arguments);
    assertThat(slow.out())
        .containsPattern(
            "recipe 'fast' would take about \\d+ minutes here, so 'fast-small' is taken")
        .containsPattern("recipe 'fast-small': ");
  }

  @Test
  void anotherNetworkIsLookedAtAgain() throws IOException {
    RememberedTrial.of(RECIPE, 0, true, temp);
    RememberedTrial.of(RECIPE.withBatch(16), 0, true, temp);
    try (Stream<Path> files = Files.list(temp.resolve("trials"))) {
      assertThat(files).hasSize(2);
    }
  }
}
