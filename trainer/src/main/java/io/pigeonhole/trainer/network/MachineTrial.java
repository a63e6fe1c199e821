package io.pigeonhole.trainer.network;

import io.pigeonhole.model.Processor;
import io.pigeonhole.trainer.network.LayerTrial.Found;
import io.pigeonhole.trainer.recipe.Recipe;
import io.pigeonhole.trainer.recipe.Stage;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What this machine makes of a recipe: whether it computes the layers in bfloat16 rightly, and how
 * long it takes in either format. An instruction set does not tell: on some processors that
 * multiply bfloat16 but have no AMX, the library's convolutions are wrong, and elsewhere they are
 * slower than in float32. So each layer's forward pass and its two gradients are computed for a few
 * images.
 *
 * @param right whether all of bfloat16 differs from float32 by rounding only
 * @param float32Seconds that an image takes in all layers, forward and back
 * @param bfloat16Seconds the same in bfloat16; 0 if it was not measured, or is wrong
 * @param finding about bfloat16, to be read after that word
 */
public record MachineTrial(
    boolean right, double float32Seconds, double bfloat16Seconds, String finding) {

  /** Changes when this class asks for something else, so that nobody remembers the old answer. */
  public static final int VERSION = 1;

  /** Of an array, relative: three times what rounding costs; sums in bfloat16 cost more. */
  static final double TOLERANCE = 0.01;

  /** Less is not worth the lost digits. */
  private static final double WORTHWHILE = 1.1;

  /** Floating-point operations of all layers together, once: some hundredths of a second. */
  private static final double OPERATIONS = 6e9;

  private static final int MOST_IMAGES = 64;
  private static final int FEWEST_IMAGES = 2;

  /** What a step takes beside the layers that multiply, as a part of what those take. */
  private static final double REST = 0.3;

  /**
   * Tries a recipe's layers, which takes about a second. The threads have to be claimed before, see
   * {@link TrainingGraph#claimThreads}.
   *
   * @param recipe whose last layer has as many units as there are classes
   */
  public static MachineTrial of(Recipe recipe) {
    Processor processor = Processor.ofThisMachine();
    boolean onCpu = Gpus.count() == 0;
    String where = onCpu ? processor.description() : "this GPU";
    boolean tried = !onCpu || isWorthTrying(processor);
    Set<LayerTrial> layers = new LinkedHashSet<>();
    for (Stage stage : recipe.stages()) {
      layers.addAll(layers(recipe, stage.size()));
    }
    List<LayerTrial> ofAnImage = layers(recipe, recipe.size());
    int images = images(layers, recipe.batch());
    Map<LayerTrial, Found> found = new HashMap<>();
    for (LayerTrial layer : layers) {
      found.put(layer, layer.run(images, onCpu, tried));
    }
    double single =
        ofAnImage.stream().mapToDouble(layer -> found.get(layer).float32Seconds()).sum() / images;
    if (!tried) {
      return notTried(where, single);
    }
    for (LayerTrial layer : layers) {
      if (!isRight(found.get(layer))) {
        return wrong(where, layer, found.get(layer), single);
      }
    }
    double half =
        ofAnImage.stream().mapToDouble(layer -> found.get(layer).bfloat16Seconds()).sum() / images;
    double worst = found.values().stream().mapToDouble(Found::distance).max().orElse(0);
    return right(where, worst, single, half);
  }

  /** The layers that multiply, in their order, some of them perhaps equal. */
  private static List<LayerTrial> layers(Recipe recipe, int size) {
    return Network.of(recipe.layers(), size, recipe.channels()).rows().stream()
        .flatMap(row -> LayerTrial.of(row).stream())
        .toList();
  }

  /** As many as there is time for: a power of two, as the batches mostly are. */
  private static int images(Set<LayerTrial> layers, int batch) {
    double each = layers.stream().mapToDouble(LayerTrial::operations).sum();
    double most = Math.min(OPERATIONS / each, Math.min(MOST_IMAGES, batch));
    return Math.max(FEWEST_IMAGES, Integer.highestOneBit((int) most));
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
    return right && speedup() >= WORTHWHILE ? Precision.BFLOAT16 : Precision.FLOAT32;
  }

  private double speedup() {
    return float32Seconds / bfloat16Seconds;
  }

  /**
   * How long a training takes, roughly: within a third of it where nothing else runs.
   *
   * @param recipe that was tried
   * @param images that an epoch shows
   */
  public double minutes(Recipe recipe, long images, Precision precision) {
    double whole = operations(recipe, recipe.size());
    double parts = 0; // of an image at full size
    double from = 0;
    for (Stage stage : recipe.stages()) {
      parts += (stage.until() - from) * operations(recipe, stage.size()) / whole;
      from = stage.until();
    }
    double each = precision == Precision.BFLOAT16 ? bfloat16Seconds : float32Seconds;
    return recipe.epochs() * images * parts * each * (1 + REST) / 60;
  }

  private static double operations(Recipe recipe, int size) {
    return layers(recipe, size).stream().mapToDouble(LayerTrial::operations).sum();
  }

  static MachineTrial right(String where, double worst, double single, double half) {
    double speedup = single / half;
    String worth = speedup >= WORTHWHILE ? "" : "not worth it: ";
    String finding =
        String.format(
            Locale.ROOT,
            "is right on %s (%.4f from float32), and %s%.2f times as fast",
            where,
            worst,
            worth,
            speedup);
    return new MachineTrial(true, single, half, finding);
  }

  static MachineTrial wrong(String where, LayerTrial layer, Found found, double single) {
    String finding =
        String.format(
            Locale.ROOT,
            "is computed wrongly on %s: %s of %s is %.2g away from float32 (relative; rounding costs"
                + " less than %.2g)",
            where,
            found.what(),
            layer.description(),
            found.distance(),
            TOLERANCE);
    return new MachineTrial(false, single, 0, finding);
  }

  private static MachineTrial notTried(String where, double single) {
    String finding =
        "was not tried on %s: TensorFlow's library computes it with AVX-512 only".formatted(where);
    return new MachineTrial(false, single, 0, finding);
  }
}
