package io.pigeonhole.trainer.network;

import io.pigeonhole.model.Processor;
import io.pigeonhole.trainer.network.LayerTrial.Found;
import io.pigeonhole.trainer.recipe.Recipe;
import io.pigeonhole.trainer.recipe.Stage;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Whether this machine computes a recipe's layers in bfloat16 rightly, and faster than in float32.
 * An instruction set does not tell: on processors that multiply bfloat16 but have no AMX, the
 * library of 2024 reads past the last of an odd number of channels, and on others it computes
 * without them what it could compute with them. So each layer's forward pass and its two gradients
 * are computed for a few images in both formats.
 *
 * @param right whether all of it differs from float32 by rounding only
 * @param speedup how many times as fast as in float32; 0 if it was not measured
 * @param finding what was found, to be read after the word "bfloat16"
 */
public record Bfloat16Trial(boolean right, double speedup, String finding) {

  /** Changes when this class asks for something else, so that nobody remembers the old answer. */
  public static final int VERSION = 1;

  /** Of an array, relative: three times what rounding to bfloat16 costs, a third of its sums. */
  static final double TOLERANCE = 0.01;

  /** Less is not worth the lost digits. */
  private static final double WORTHWHILE = 1.1;

  /** Floating-point operations of all layers together, once: some hundredths of a second. */
  private static final double OPERATIONS = 6e9;

  private static final int MOST_IMAGES = 64;
  private static final int FEWEST_IMAGES = 2;

  /**
   * Tries a recipe's layers. Takes about a second. The threads have to be claimed before, see
   * {@link TrainingGraph#claimThreads}.
   *
   * @param recipe whose last layer has as many units as there are classes
   */
  public static Bfloat16Trial of(Recipe recipe) {
    Processor processor = Processor.ofThisMachine();
    boolean onCpu = Gpus.count() == 0;
    if (onCpu && !isWorthTrying(processor)) {
      return new Bfloat16Trial(
          false,
          0,
          "was not tried on %s: TensorFlow's library computes it with AVX-512 only"
              .formatted(processor.description()));
    }
    String where = onCpu ? processor.description() : "this GPU";
    Set<LayerTrial> layers = layers(recipe);
    int images = images(layers, recipe.batch());
    double worst = 0;
    double single = 0;
    double half = 0;
    for (LayerTrial layer : layers) {
      Found found = layer.run(images, onCpu);
      if (!isRight(found)) {
        return wrong(where, layer, found);
      }
      worst = Math.max(worst, found.distance());
      single += found.float32Seconds();
      half += found.bfloat16Seconds();
    }
    return right(where, worst, single / half);
  }

  /** Without AVX-512, oneDNN has no routines for it, and may end the process when asked. */
  static boolean isWorthTrying(Processor processor) {
    return switch (processor.kind()) {
      case AMX, AVX512_BF16, AVX512 -> true;
      case AVX2, OTHER -> false;
    };
  }

  /** A distance that is no number is not right, either. */
  static boolean isRight(Found found) {
    return found.distance() <= TOLERANCE;
  }

  /** What to train in: the fastest format that is right. */
  public Precision fastest() {
    return right && speedup >= WORTHWHILE ? Precision.BFLOAT16 : Precision.FLOAT32;
  }

  static Bfloat16Trial right(String where, double worst, double speedup) {
    return new Bfloat16Trial(
        true,
        speedup,
        String.format(
            Locale.ROOT,
            "is right (to %.4f) on %s, and %s",
            worst,
            where,
            speedup >= WORTHWHILE
                ? String.format(Locale.ROOT, "%.1f times as fast as float32", speedup)
                : String.format(
                    Locale.ROOT, "not worth it: %.1f times as fast as float32", speedup)));
  }

  static Bfloat16Trial wrong(String where, LayerTrial layer, Found found) {
    return new Bfloat16Trial(
        false,
        0,
        String.format(
            Locale.ROOT,
            "is computed wrongly on %s: %s of %s is %.2g away from float32 (relative; rounding costs"
                + " less than %.2g)",
            where,
            found.what(),
            layer.description(),
            found.distance(),
            TOLERANCE));
  }

  /** The layers that multiply, at all sizes that the recipe shows images in; equal ones once. */
  private static Set<LayerTrial> layers(Recipe recipe) {
    Set<LayerTrial> layers = new LinkedHashSet<>();
    for (Stage stage : recipe.stages()) {
      Network.of(recipe.layers(), stage.size(), recipe.channels()).rows().stream()
          .flatMap(row -> LayerTrial.of(row).stream())
          .forEach(layers::add);
    }
    return layers;
  }

  /** As many as there is time for: a power of two, as the batches mostly are. */
  private static int images(Set<LayerTrial> layers, int batch) {
    double each = layers.stream().mapToDouble(LayerTrial::operations).sum();
    double most = Math.min(OPERATIONS / each, Math.min(MOST_IMAGES, batch));
    return Math.max(FEWEST_IMAGES, Integer.highestOneBit((int) most));
  }
}
