package io.pigeonhole.trainer.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of a wrong recipe: file, line, key, value, and what is allowed. */
class MistakesTest {

  private static final String GOOD =
      """
      input: {size: 32}
      network:
        - rescale
        - conv: {filters: 8, pool: 2}
        - flatten
        - dense: {units: classes}
      optimiser: adam
      epochs: 2
      batch: 32
      """;

  private static List<String> mistakes(String yaml) {
    InvalidRecipeException e =
        catchThrowableOfType(
            InvalidRecipeException.class, () -> RecipeFile.parse("mine", "mine.yaml", yaml));
    assertThat(e).as("no mistake found in " + yaml).isNotNull();
    return e.mistakes();
  }

  private static String mistake(String yaml) {
    List<String> all = mistakes(yaml);
    assertThat(all).hasSize(1);
    return all.get(0);
  }

  private static String with(String old, String other) {
    assertThat(GOOD).contains(old);
    return GOOD.replace(old, other);
  }

  @Test
  void acceptsAGoodOne() throws Exception {
    Recipe recipe = RecipeFile.parse("mine", "mine.yaml", GOOD);
    assertThat(recipe.name()).isEqualTo("mine");
    assertThat(recipe.optimiser()).isEqualTo(new Optimiser.Adam(1e-3));
    assertThat(recipe.seed()).isEqualTo(1);
  }

  @Test
  void boundsTheImagesOfAnEpoch() {
    assertThat(mistake(with("batch: 32", "batch: 16384") + "steps: 200000\n"))
        .contains("mine.yaml:10: steps: 200000", "1 to 131,071");
  }

  @Test
  void saysHowABaseMayBeUsed() {
    String head =
        """
        input: {size: 32}
        network:
          - base: {covariances: some}
          - dense: {units: classes}
        transfer: {loss: cubed}
        """;
    assertThat(mistakes(head))
        .containsExactly(
            "mine.yaml:3: network[1].base.covariances: some; expected true or false",
            "mine.yaml:5: transfer.loss: cubed; expected cross-entropy or squared");
  }

  @Test
  void fitsNothingButADenseLayerBySquares() {
    String head =
        """
        input: {size: 32}
        network:
          - base
          - dropout: {rate: 0.5}
          - dense: {units: classes}
        transfer: {loss: squared}
        """;
    assertThat(mistake(head))
        .contains("mine.yaml:6: transfer", "base and 'dense: {units: classes}'");
    String smoothed =
        head.replace("  - dropout: {rate: 0.5}\n", "")
            + "loss: {categorical: {label-smoothing: 0.1}}\n";
    assertThat(mistake(smoothed)).contains("mine.yaml:6: loss", "no label-smoothing");
  }

  @Test
  void proposesTheNearestKey() {
    assertThat(mistake(GOOD + "augmentatoin: {flip: random}\n"))
        .isEqualTo("mine.yaml:10: augmentatoin: unknown key; did you mean 'augmentation'?");
    assertThat(mistake(with("pool: 2", "pol: 2")))
        .isEqualTo("mine.yaml:4: network[2].conv.pol: unknown key; did you mean 'pool'?");
  }

  @Test
  void listsTheKeysWhereNoneIsNear() {
    assertThat(mistake(with("{size: 32}", "{size: 32, colour: 3}")))
        .isEqualTo("mine.yaml:1: input.colour: unknown key; allowed: size, channels, stages");
  }

  @Test
  void saysWhichTypeIsExpected() {
    assertThat(mistake(with("epochs: 2", "epochs: many")))
        .isEqualTo("mine.yaml:8: epochs: many; expected a whole number from 1 to 100,000");
    assertThat(mistake(with("epochs: 2", "epochs: 2.5"))).contains("epochs: 2.5; expected a whole");
    assertThat(mistake(with("epochs: 2", "epochs: \"2\"")))
        .contains("epochs: the text \"2\"; expected a whole number");
    assertThat(mistake(with("epochs: 2", "epochs: [2]"))).contains("epochs: a list; expected");
    assertThat(mistake(with("epochs: 2", "epochs:"))).contains("epochs: nothing; expected");
    assertThat(mistake(with("{size: 32}", "32")))
        .isEqualTo("mine.yaml:1: input: 32; expected keys with values");
    assertThat(mistake(with("pool: 2", "batch-norm: yes")))
        .contains("network[2].conv.batch-norm: yes; expected true or false");
    assertThat(mistake(GOOD + "augmentation: {jitter: 2}\n"))
        .isEqualTo("mine.yaml:10: augmentation.jitter: 2; expected a number from 0 to 1");
    assertThat(mistake(GOOD + "outlier-exposure: {part: 0.25}\n"))
        .startsWith("mine.yaml:10: outlier-exposure.weight");
    assertThat(mistake(GOOD + "augmentation: {cutmix: 1.5}\n"))
        .isEqualTo("mine.yaml:10: augmentation.cutmix: 1.5; expected a number from 0 to 1");
  }

  @Test
  void saysWhichValuesAreAllowed() {
    assertThat(mistake(with("batch: 32", "batch: 0")))
        .isEqualTo("mine.yaml:9: batch: 0; expected a whole number from 1 to 16,384");
    assertThat(mistake(GOOD + "loss: {categorical: {label-smoothing: 1}}\n"))
        .isEqualTo(
            "mine.yaml:10: loss.categorical.label-smoothing: 1; expected a number from 0 to less"
                + " than 1");
    assertThat(mistake(GOOD + "views: all\n"))
        .isEqualTo("mine.yaml:10: views: all; expected one, mirrored or shifted");
    assertThat(mistake(with("pool: 2", "activation: swish")))
        .isEqualTo("mine.yaml:4: network[2].conv.activation: swish; expected none, relu or gelu");
    assertThat(mistake(with("{size: 32}", "{size: 32, channels: 2}")))
        .isEqualTo("mine.yaml:1: input.channels: 2; expected 1 for grey, or 3 for colours");
    assertThat(mistake(with("adam", "{adam: {learning-rate: .inf}}")))
        .contains("optimiser.adam.learning-rate: .inf; expected a number from 0 to 1000");
  }

  @Test
  void saysWhatIsMissing() {
    assertThat(mistake(with("epochs: 2\n", "")))
        .isEqualTo("mine.yaml:1: epochs: is missing; expected a whole number from 1 to 100,000");
    assertThat(mistake(with("{filters: 8, pool: 2}", "{pool: 2}")))
        .startsWith("mine.yaml:4: network[2].conv.filters: is missing; expected a whole number");
  }

  @Test
  void proposesTheNearestKind() {
    assertThat(mistake(with("adam", "adan")))
        .isEqualTo("mine.yaml:7: optimiser: unknown 'adan'; did you mean 'adam'?");
    assertThat(mistake(with("flatten", "softmax")))
        .isEqualTo(
            "mine.yaml:5: network[3]: unknown 'softmax'; expected rescale, standardise, base, whitening,"
                + " conv, global-max, global-average, flatten, dropout or dense");
    assertThat(mistake(with("adam", "[adam]"))).contains("optimiser: a list; expected one of sgd,");
  }

  @Test
  void findsKeysThatAreThereTwice() {
    assertThat(mistake(GOOD + "epochs: 3\n"))
        .isEqualTo("mine.yaml:10: epochs: is there twice; a key is allowed only once");
  }

  @Test
  void tellsSeveralMistakesAtOnce() {
    assertThat(mistakes(with("epochs: 2", "epochs: -1").replace("batch: 32", "bach: 32")))
        .containsExactly(
            "mine.yaml:1: batch: is missing; expected a whole number from 1 to 16,384",
            "mine.yaml:8: epochs: -1; expected a whole number from 1 to 100,000",
            "mine.yaml:9: bach: unknown key; did you mean 'batch'?");
  }

  @Test
  void saysWhichLayerDoesNotFitTheImage() {
    assertThat(mistake(with("pool: 2", "pool: 2, size: 31").replace("32}", "30}")))
        .startsWith("mine.yaml:4: network[2]: leaves nothing of its input of 30×30 pixels");
    assertThat(mistake(with("  - flatten\n", "")))
        .startsWith("mine.yaml:5: network[3]: needs a list of values and is given 15×15 pixels;");
    assertThat(mistake(with("pool: 2", "padding: same, residual: true")))
        .contains("network[2]: is residual", "32×32×8 is not 32×32×3");
    assertThat(mistakes(with("- rescale", "- flatten\n  - rescale")))
        .hasSize(3)
        .contains(
            "mine.yaml:4: network[2]: reads the bytes of the image, so it can only be the first"
                + " layer");
  }

  @Test
  void saysHowANetworkBeginsAndEnds() {
    assertThat(mistake(with("  - rescale\n", "")))
        .contains("network[1]: the first layer must be rescale, standardise or base");
    assertThat(mistake(with("units: classes", "units: 10")))
        .contains("the last layer must be 'dense: {units: classes}' without activation");
    assertThat(mistake(with("- rescale", "- rescale\n  - whitening")))
        .contains("whitening is made for what comes out of standardise");
    assertThat(mistake(with("network:", "network: []\nnet:").replace("net:\n", ""))).isNotEmpty();
  }

  @Test
  void findsStagesThatTheNetworkCannotShareItsWeightsAcross() {
    assertThat(mistake(with("{size: 32}", "{size: 32, stages: [{size: 16, until: 0.5}]}")))
        .contains("network[3]: makes 1,800 values of images of 32×32 and 392 of those of a stage");
    assertThat(mistakes(with("{size: 32}", "{size: 32, stages: [{size: 64, until: 2}]}")))
        .containsExactly(
            "mine.yaml:1: input.stages[1].size: 64; expected a whole number from 8 to 32",
            "mine.yaml:1: input.stages[1].until: 2; expected a number from 0 to less than 1");
  }

  @Test
  void saysWhereItIsNoYaml() {
    assertThat(mistake("input: {size: 32\nnetwork: [")).startsWith("mine.yaml:2: is no YAML here");
    assertThat(mistake("")).isEqualTo("mine.yaml:1: is empty; expected a recipe");
    assertThat(mistake("just text")).contains("just text; expected keys with values");
  }

  @Test
  void refusesWhatIsMadeToHurt() {
    assertThat(mistake("a: &a [x]\nb: [*a, *a]\n")).contains("mine.yaml:2: is a reference (*)");
    assertThat(mistake("[".repeat(50_000))).contains("is nested more than 8 deep");
    assertThat(mistakes("{a: ".repeat(20_000))).isNotEmpty();
    assertThat(mistakes("? [a]\n: b\n".repeat(1000))).hasSize(1);
    assertThat(mistakes("a: 1\n".repeat(1000))).hasSize(20);
    assertThat(mistakes("x".repeat(30_000) + ": 1\n").toString()).hasSizeLessThan(2000);
    assertThat(mistakes(GOOD + "seed: " + "9".repeat(10_000) + "\n").toString())
        .hasSizeLessThan(500);
    assertThat(mistakes("!!javax.script.ScriptEngineManager [x]")).isNotEmpty();
    assertThat(mistake(with("{size: 32}", "{size: 1024}").replace("filters: 8", "filters: 8192")))
        .contains("the most is");
  }

  @Test
  void refusesFilesThatAreNoRecipe(@TempDir Path folder) throws Exception {
    Path large = Files.write(folder.resolve("large.yaml"), new byte[100_000]);
    assertThatThrownBy(() -> RecipeFile.read(large)).hasMessageContaining("is longer than 65,536");
    Path binary = Files.write(folder.resolve("binary.yaml"), new byte[] {(byte) 0xff, 0, 1});
    assertThatThrownBy(() -> RecipeFile.read(binary)).hasMessageContaining("no text in UTF-8");
    Path good = Files.writeString(folder.resolve("my own.yml"), GOOD);
    assertThat(RecipeFile.read(good).name()).isEqualTo("my own");
  }
}
