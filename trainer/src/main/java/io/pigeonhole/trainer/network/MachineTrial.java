package io.pigeonhole.trainer.network;

import io.pigeonhole.model.Processor;
import io.pigeonhole.trainer.network.LayerTrial.Found;
import io.pigeonhole.trainer.recipe.Layer;
import io.pigeonhole.trainer.recipe.Recipe;
import io.pigeonhole.trainer.recipe.Stage;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;

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
  public static final int VERSION = 3;

  /** Of an array, relative: three times what rounding costs; sums in bfloat16 cost more. */
  static final double TOLERANCE = 0.01;

  /** Less is not worth the lost digits. */
  private static final double WORTHWHILE = 1.1;

  /** Floating-point operations of all timed layers together, once: about a tenth of a second. */
  private static final double OPERATIONS = 2.5e10;

  private static final int ROUNDS = 2;

  private static final int MOST_IMAGES = 64;
  private static final int FEWEST_IMAGES = 4;

  /**
   * Tries a recipe's layers on at most 64 images, which takes about a second. The threads have to
   * be claimed before, see {@link TrainingGraph#claimThreads}.
   *
   * @param recipe whose last layer has as many units as there are classes
   * @param threads processors to be used; 0 for all
   * @param half whether to try bfloat16
   */
  public static MachineTrial of(Recipe recipe, int threads, boolean half) {
    Processor processor = Processor.ofThisMachine();
    boolean onCpu = Gpus.count() == 0;
    String where = onCpu ? processor.description() : "this GPU";
    List<LayerTrial> whole = trained(recipe, recipe.size());
    Set<LayerTrial> layers = new LinkedHashSet<>(whole);
    Trials trials =
        new Trials(
            Set.copyOf(whole), layers, images(layers, recipe.batch()), onCpu, new HashMap<>());
    for (Stage stage : recipe.stages()) {
      network(recipe, stage.size()).rows().stream()
          .flatMap(row -> LayerTrial.of(row).stream())
          .forEach(layers::add);
    }
    // parts of a batch take their time side by side
    int parts = Parallelism.of(recipe, Network.of(recipe), threads).parts();
    if (!half || (onCpu && !isWorthTrying(processor))) {
      trials.run(false);
      double single = trials.seconds(whole, Found::float32Seconds) / parts;
      return half ? notTried(where, single) : notAsked(single);
    }
    try {
      trials.run(true);
    } catch (RuntimeException e) { // whatever the library says of it
      trials.run(false);
      return failed(where, e, trials.seconds(whole, Found::float32Seconds) / parts);
    }
    double single = trials.seconds(whole, Found::float32Seconds) / parts;
    for (LayerTrial layer : layers) {
      Found found = trials.found().get(layer);
      if (!isRight(found)) {
        return wrong(where, layer, found, single);
      }
    }
    double worst = trials.found().values().stream().mapToDouble(Found::distance).max().orElse(0);
    return right(where, worst, single, trials.seconds(whole, Found::bfloat16Seconds) / parts);
  }

  /**
   * The trials of layers.
   *
   * @param timed those of them whose images are of full size
   * @param images that those are given
   */
  private record Trials(
      Set<LayerTrial> timed,
      Set<LayerTrial> layers,
      int images,
      boolean onCpu,
      Map<LayerTrial, Found> found) {

    void run(boolean half) {
      for (LayerTrial layer : layers) {
        boolean time = timed.contains(layer);
        found.put(layer, layer.run(time ? images : FEWEST_IMAGES, onCpu, half, time ? ROUNDS : 0));
      }
    }

    /** Of an image, in all layers of a network. */
    double seconds(List<LayerTrial> network, ToDoubleFunction<Found> format) {
      return network.stream().map(found::get).mapToDouble(format).sum() / images;
    }
  }

  private static Network network(Recipe recipe, int size) {
    return Network.of(recipe.layers(), size, recipe.channels());
  }

  /** The layers with a way back, which takes most of the time; some of them perhaps equal. */
  private static List<LayerTrial> trained(Recipe recipe, int size) {
    return network(recipe, size).rows().stream()
        .filter(row -> !(row.layer() instanceof Layer.Whitening))
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
   * How long a training takes on a processor, roughly, if nothing else runs: what the layers that
   * multiply took for a few images. On an AMD EPYC that was 0.8 to 1.5 times what steps take.
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
    return recipe.epochs() * images * parts * each / 60;
  }

  private static double operations(Recipe recipe, int size) {
    return trained(recipe, size).stream().mapToDouble(LayerTrial::operations).sum();
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
        "was not tried on %s: there, TensorFlow's library computes it with AVX-512 only or not at all"
            .formatted(where);
    return new MachineTrial(false, single, 0, finding);
  }

  private static MachineTrial notAsked(double single) {
    return new MachineTrial(false, single, 0, "was not asked for");
  }

  private static MachineTrial failed(String where, RuntimeException e, double single) {
    String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    return new MachineTrial(false, single, 0, "fails on %s: %s".formatted(where, message));
  }
}
