package io.pigeonhole.trainer.recipe;

import io.pigeonhole.trainer.recipe.Layer.Dense;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Everything that decides what a training run does, apart from the data.
 *
 * @param name as in {@code --recipe}
 * @param size side of the square input image
 * @param channels that the network looks at: 3, or 1 for grey, which it makes of the three itself
 * @param layers the network
 * @param stages image sizes over the run; the last ends at 1 and has the full size
 * @param augmentation of the training images
 * @param balance of the classes
 * @param objective what is made small
 * @param optimiser how gradients become steps
 * @param lookahead steps between two averagings of the weights (M. Zhang et al., arXiv:1907.08610);
 *     0 for none
 * @param schedule of the learning rate
 * @param views of an image that a served answer is made of
 * @param length of the run
 * @param transfer how the head is trained where the first layer is a base; else not used
 * @param numbers their format in training
 * @param seed of everything random, unless the command line has another
 */
public record Recipe(
    String name,
    int size,
    int channels,
    List<Layer> layers,
    List<Stage> stages,
    Augmentation augmentation,
    Balance balance,
    Objective objective,
    Optimiser optimiser,
    int lookahead,
    Schedule schedule,
    ServingViews views,
    Length length,
    Transfer transfer,
    Numbers numbers,
    long seed) {

  /** Channels of a coloured image. */
  public static final int COLOURS = 3;

  public Recipe {
    layers = List.copyOf(layers);
    stages = List.copyOf(stages);
  }

  /** Times that every training image is shown, at most. */
  public int epochs() {
    return length.epochs();
  }

  /** Images a step. */
  public int batch() {
    return length.batch();
  }

  /** Images of no class that a step shows beside the batch. */
  public int outliers() {
    return objective.outliers().images(batch());
  }

  /** The same recipe for another number of epochs; what depends on progress stretches with it. */
  public Recipe withEpochs(int number) {
    return with(layers, views, length.withEpochs(number));
  }

  /** The same recipe for another number of images a step. */
  public Recipe withBatch(int number) {
    return with(layers, views, length.withBatch(number));
  }

  /** The same recipe for other views of a served image. */
  public Recipe withViews(ServingViews other) {
    return with(layers, other, length);
  }

  /**
   * The same recipe with a score for each class.
   *
   * @throws IllegalArgumentException if the network's last layer has another number of units
   */
  public Recipe forClasses(int classes) {
    List<Layer> resolved =
        layers.stream()
            .map(
                layer ->
                    layer instanceof Dense dense && dense.units() == Dense.CLASSES
                        ? new Dense(classes, dense.activation(), dense.bias(), dense.scale())
                        : layer)
            .toList();
    if (resolved.get(resolved.size() - 1) instanceof Dense last && last.units() != classes) {
      throw new IllegalArgumentException(
          "the last layer of recipe '%s' has %d units; the data has %d classes"
              .formatted(name, last.units(), classes));
    }
    return with(resolved, views, length);
  }

  /** Whether the network begins with that of others. */
  public boolean hasBase() {
    return layers.get(0) instanceof Layer.Base;
  }

  /** Whether steps of the optimiser follow after the head is trained. */
  public boolean fineTunes() {
    return layers.get(0) instanceof Layer.Base base && base.trained() > 0;
  }

  /** Whether the covariances of the base's inner maps are features, too. */
  public boolean takesCovariances() {
    return layers.get(0) instanceof Layer.Base base && base.covariances();
  }

  /** The same recipe on a base; of a base that takes images of one size only, that is the size. */
  public Recipe on(BaseGraph graph) {
    List<Layer> resolved = new ArrayList<>(layers);
    Layer.Base base = (Layer.Base) layers.get(0);
    resolved.set(0, new Layer.Base(Optional.of(graph), base.covariances(), base.trained()));
    int side = graph.takesAnySize() ? size : graph.size();
    return new Recipe(
        name,
        side,
        channels,
        resolved,
        List.of(new Stage(side, 1)),
        augmentation,
        balance,
        objective,
        optimiser,
        lookahead,
        schedule,
        views,
        length,
        transfer,
        numbers,
        seed);
  }

  private Recipe with(List<Layer> otherLayers, ServingViews otherViews, Length otherLength) {
    return new Recipe(
        name,
        size,
        channels,
        otherLayers,
        stages,
        augmentation,
        balance,
        objective,
        optimiser,
        lookahead,
        schedule,
        otherViews,
        otherLength,
        transfer,
        numbers,
        seed);
  }

  /** Whether the loss on held-out images has to be measured after each epoch. */
  public boolean looksAtHeldOutImages() {
    return schedule.looksAtHeldOutImages() || length.patience().isPresent();
  }

  /** Image size at a point of the run, {@code progress} from 0 to 1. */
  public int sizeAt(double progress) {
    return stages.stream()
        .filter(stage -> progress < stage.until())
        .findFirst()
        .map(Stage::size)
        .orElse(size);
  }
}
