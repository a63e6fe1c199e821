package io.pigeonhole.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.pigeonhole.trainer.data.ColouredShapes;
import io.pigeonhole.trainer.network.MachineTrial;
import io.pigeonhole.trainer.network.Precision;
import io.pigeonhole.trainer.recipe.Recipe;
import io.pigeonhole.trainer.recipe.ShippedRecipes;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In which format the trainer trains. */
class PrecisionTest {

  private static final Recipe RECIPE =
      ShippedRecipes.named("tutorial").orElseThrow().forClasses(10);

  @TempDir private Path temp;

  private record Run(int code, String out, String err) {}

  private Run train(String... more) throws IOException {
    Path data = ColouredShapes.write(temp.resolve("data"), 40, 1);
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    List<String> arguments =
        Stream.concat(
                Stream.of("train", "--recipe", "tutorial", "--epochs", "1"),
                Stream.concat(
                    Stream.of("--data", data.toString(), "--cache", temp.toString()),
                    Stream.concat(
                        Stream.of("--out", temp.resolve("models").toString()), Stream.of(more))))
            .toList();
    int code =
        Trainer.execute(
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            arguments.toArray(String[]::new));
    return new Run(code, out.toString(), err.toString());
  }

  /** Whichever it is: the training says what it takes, and why. */
  @Test
  void isTheFastestThatIsRightHereAndSaysWhy() throws IOException {
    Run run = train();
    assertThat(run.err()).isEmpty();
    MachineTrial trial = RememberedTrial.of(RECIPE, 0, temp);
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
    assertThat(run.out()).contains("precision float32: bfloat16 ");
  }

  @Test
  void bfloat16IsRefusedWhereItIsNotRight() throws IOException {
    MachineTrial trial = RememberedTrial.of(RECIPE, 0, temp);
    assumeFalse(trial.right(), () -> "bfloat16 " + trial.finding() + ": nothing to refuse here");
    Run run = train("--precision", "bfloat16");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("bfloat16 " + trial.finding(), "--precision float32");
  }

  @Test
  void isLookedForOnceForAMachineAndANetwork() throws IOException {
    MachineTrial first = RememberedTrial.of(RECIPE, 0, temp);
    Path file;
    try (Stream<Path> files = Files.list(temp.resolve("trials"))) {
      file = files.toList().get(0);
    }
    String kept = Files.readString(file);
    Files.writeString(file, kept.replaceFirst("float32-seconds=.*", "float32-seconds=12.5"));
    assertThat(RememberedTrial.of(RECIPE, 0, temp).float32Seconds()).isEqualTo(12.5);
    for (String damaged : new String[] {"", "right=true", kept.replace("seconds=", "seconds=x")}) {
      Files.writeString(file, damaged);
      assertThat(RememberedTrial.of(RECIPE, 0, temp).right()).isEqualTo(first.right());
      assertThat(Files.readString(file)).doesNotContain("=x").contains("float32-seconds=");
    }
  }

  @Test
  void anotherNetworkIsLookedAtAgain() throws IOException {
    RememberedTrial.of(RECIPE, 0, temp);
    RememberedTrial.of(RECIPE.withBatch(16), 0, temp);
    try (Stream<Path> files = Files.list(temp.resolve("trials"))) {
      assertThat(files).hasSize(2);
    }
  }
}
