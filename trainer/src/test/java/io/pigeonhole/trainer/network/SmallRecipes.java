package io.pigeonhole.trainer.network;

import io.pigeonhole.trainer.data.LabeledImages;
import io.pigeonhole.trainer.recipe.InvalidRecipeException;
import io.pigeonhole.trainer.recipe.Recipe;
import io.pigeonhole.trainer.recipe.RecipeFile;
import io.pigeonhole.trainer.recipe.ServingViews;
import java.util.Map;
import java.util.stream.Collectors;
import org.tensorflow.ndarray.Shape;

/** The shipped recipes' kind of network, small enough for a test. */
public final class SmallRecipes {

  private static final String MUON = "muon";
  private static final String SGD = "scaled-sgd";

  private static final String MIXED =
      """
      input: {size: 32}
      network:
        - rescale
        - conv: {filters: 8, pool: 4}
        - flatten
        - dense: {units: classes}
      augmentation: {cutmix: 0.5}
      balance: weights
      loss:
        categorical: {label-smoothing: 0.1}
      optimiser:
        adam: {learning-rate: 0.01}
      epochs: 2
      batch: 32
      """;

  private SmallRecipes() {}

  public static Recipe muon(int epochs) {
    return with(MUON, epochs);
  }

  /** The same, answering with both sides of an image. */
  public static Recipe mirrored() {
    return muon(2).withViews(ServingViews.MIRRORED);
  }

  public static Recipe sgd(int epochs) {
    return with(SGD, epochs);
  }

  /** Without padding and batch normalisation, so that its batches can go in parts. */
  public static Recipe unpadded() {
    return of(
        """
        input: {size: 32}
        network:
          - rescale
          - conv: {filters: 8, pool: 4}
          - conv: {filters: 8}
          - flatten
          - dense: {units: classes}
        loss: sparse-categorical
        optimiser:
          adam: {learning-rate: 0.01}
        epochs: 1
        batch: 32
        """);
  }

  /** Two images in one, of which half the batch is made. */
  public static Recipe mixed() {
    return of(MIXED);
  }

  /** The same without mixing. */
  public static Recipe notMixed() {
    return of(MIXED.replace("cutmix: 0.5", "cutmix: 0"));
  }

  /** The same with images of no class, half as many as there are in a batch. */
  public static Recipe exposed(double weight) {
    return of(
        MIXED.replace("cutmix: 0.5", "cutmix: 0")
            + "outlier-exposure: {part: 0.5, weight: %s}\n".formatted(weight));
  }

  /** Weights to begin with, random ones but for one. */
  public static Start broken(Recipe recipe, LabeledImages images) {
    Network network = Network.of(recipe);
    Weights weights = InitialWeights.of(network, images, 1);
    breakFirst(weights);
    Map<String, Shape> shapes =
        network.parameters().stream().collect(Collectors.toMap(Parameter::name, Parameter::shape));
    return new Start(new Safetensors(Map.of(), shapes, weights), images.classes());
  }

  /** Makes the first weight a NaN, such as a processor makes of infinities. */
  public static void breakFirst(Weights weights) {
    weights.get(weights.names().iterator().next())[0] = Float.intBitsToFloat(0xffc00000);
  }

  private static Recipe with(String optimiser, int epochs) {
    return of(
        """
        input:
          size: 32
          stages: [{size: 16, until: 0.5}]
        network:
          - standardise
          - whitening
          - conv: {filters: 16, padding: same, pool: 2, batch-norm: true}
          - conv: {filters: 16, padding: same, pool: 2, batch-norm: true}
          - conv: {filters: 32, padding: same, batch-norm: true}
          - global-max
          - dense: {units: classes, bias: false, scale: 0.1111111111111111}
        augmentation: {flip: alternating, translate: 2, cutout: 4}
        loss:
          categorical: {label-smoothing: 0.1}
        optimiser: %s
        lookahead: 5
        schedule:
          triangular: {start: 0.2, peak: 0.23, end: 0.07}
        epochs: %d
        batch: 32
        """
            .formatted(optimiser, epochs));
  }

  /** A recipe for ten classes. */
  public static Recipe of(String yaml) {
    try {
      return RecipeFile.parse("small", "small.yaml", yaml).forClasses(10);
    } catch (InvalidRecipeException e) {
      throw new AssertionError(e);
    }
  }
}
