package io.pigeonhole.trainer.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pigeonhole.model.Processor;
import io.pigeonhole.trainer.network.LayerTrial.Found;
import io.pigeonhole.trainer.recipe.Form;
import io.pigeonhole.trainer.recipe.Layer;
import io.pigeonhole.trainer.recipe.Recipe;
import io.pigeonhole.trainer.recipe.ShippedRecipes;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MachineTrialTest {

  private static final String HERE = Processor.ofThisMachine().description();

  /** As the first layer of most recipes. */
  private static final LayerTrial OF_COLOURS =
      new LayerTrial(convolution(32, Layer.Padding.VALID), Form.image(32, 3));

  private static Layer convolution(int filters, Layer.Padding padding) {
    return new Layer.Conv(filters, 3, padding, 1, 1, false, false, Layer.Activation.NONE);
  }

  @ParameterizedTest
  @CsvSource({
    "avx2 avx512bw avx512_bf16 amx_bf16,,true",
    "avx2 avx512bw avx512_bf16,,true",
    "avx2 avx512bw,,true",
    "avx2,,false",
    "avx2 avx512bw avx512_bf16 amx_bf16,AVX2,false",
    "sse2,,false"
  })
  void triesOnlyWhatTheLibraryComputesAtAll(String flags, String limit, boolean tried) {
    Processor processor =
        new Processor("", "", "", Set.of(flags.split(" ", -1)), limit == null ? "" : limit);
    assertThat(MachineTrial.isWorthTrying(processor)).isEqualTo(tried);
  }

  @Test
  void findsOutAboutEachShippedRecipe() {
    for (Recipe recipe : ShippedRecipes.all()) {
      MachineTrial trial = MachineTrial.of(recipe.forClasses(10), 0, true);
      assertThat(trial.finding()).as(recipe.name()).contains(HERE);
      assertThat(trial.float32Seconds()).isPositive();
      assertThat(trial.bfloat16Seconds() > 0).isEqualTo(trial.right());
      if (!MachineTrial.isWorthTrying(Processor.ofThisMachine())) {
        assertThat(trial.right()).isFalse();
        assertThat(trial.finding()).startsWith("was not tried");
      }
    }
  }

  @Test
  void measuresAllThreePasses() {
    Bfloat16.assumeComputed();
    Found found = OF_COLOURS.run(32, true, true, 1);
    assertThat(found.what())
        .isIn("the forward pass", "the gradient by the kernel", "the gradient by the input");
    // float32 and bfloat16 cannot agree to the last digit: both were really computed
    assertThat(found.distance()).isGreaterThan(1e-4);
    assertThat(found.float32Seconds()).isPositive();
    assertThat(found.bfloat16Seconds()).isPositive();
  }

  /**
   * What was taken before on every processor with instructions for bfloat16: three channels as they
   * are. Wrong on some of those without AMX (Zen 5: 0.4 to 1e30 away, or NaN).
   */
  @ParameterizedTest
  @CsvSource({"3,32", "5,8", "8,5", "3,7"})
  void oddChannelsAreRightWhereTheLibraryComputesThemWrongly(int channels, int filters) {
    Bfloat16.assumeComputed();
    LayerTrial odd =
        new LayerTrial(convolution(filters, Layer.Padding.SAME), Form.image(16, channels));
    double asTheyAre = odd.run(32, false, true, 1).distance();
    assertThat(odd.run(32, true, true, 1).distance()).isLessThan(MachineTrial.TOLERANCE);
    assumeTrue(
        !(asTheyAre <= MachineTrial.TOLERANCE),
        () -> HERE + " computes odd numbers of channels rightly: the old way fails elsewhere");
  }

  @Test
  void looksAtFloat32AloneWhereThatIsAskedFor() {
    Recipe recipe = ShippedRecipes.named("tutorial").orElseThrow().forClasses(10);
    MachineTrial trial = MachineTrial.of(recipe, 0, false);
    assertThat(trial.right()).isFalse();
    assertThat(trial.fastest()).isEqualTo(Precision.FLOAT32);
    assertThat(trial.float32Seconds()).isPositive();
    assertThat(trial.bfloat16Seconds()).isZero();
  }

  @Test
  void isRefusedWithWhatIsWrongAndWhere() {
    for (double distance : new double[] {0.43, Double.NaN, Double.POSITIVE_INFINITY}) {
      Found found = new Found("the forward pass", distance, 1, 0.1);
      assertThat(MachineTrial.isRight(found)).isFalse();
      MachineTrial wrong = MachineTrial.wrong("a processor", OF_COLOURS, found, 1);
      assertThat(wrong.right()).isFalse();
      assertThat(wrong.fastest()).isEqualTo(Precision.FLOAT32);
      assertThat(wrong.finding())
          .contains("wrongly on a processor", "a convolution to 32 channels (3×3) of 32×32×3");
    }
  }

  @ParameterizedTest
  @CsvSource({"2.5,BFLOAT16", "1.2,BFLOAT16", "1.0,FLOAT32", "0.4,FLOAT32"})
  void isTakenWhereItIsRightAndFaster(double speedup, Precision taken) {
    MachineTrial trial = MachineTrial.right("a processor", 0.003, 1, 1 / speedup);
    assertThat(trial.fastest()).isEqualTo(taken);
  }

  /**
   * 1,000 images, eight times; for 0.4 of the run at 24 of 32 pixels, which is 0.56 of the work.
   */
  @Test
  void estimatesMinutesByTheWorkOfEachStage() {
    Recipe recipe = ShippedRecipes.named("fast").orElseThrow().forClasses(10);
    MachineTrial trial = new MachineTrial(true, 0.01, 0.004, "");
    double single = trial.minutes(recipe, 1000, Precision.FLOAT32);
    double layers = 8 * 1000 * 0.01 / 60;
    assertThat(single).isBetween(0.75 * layers, 0.9 * layers);
    assertThat(trial.minutes(recipe, 1000, Precision.BFLOAT16))
        .isCloseTo(0.4 * single, within(1e-9));
    assertThat(trial.minutes(recipe.withEpochs(16), 500, Precision.FLOAT32))
        .isCloseTo(single, within(1e-9));
  }
}
