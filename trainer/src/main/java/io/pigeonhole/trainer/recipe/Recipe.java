package io.pigeonhole.trainer.recipe;

import java.util.List;

/**
 * Everything that decides what a training run does, apart from the data.
 *
 * @param name as in {@code --recipe}
 * @param size side of the square input image
 * @param layers the network
 * @param stages image sizes over the run; the last ends at 1 and has the full size
 * @param augmentation of the training images
 * @param labelSmoothing part of the target spread over all classes
 * @param optimiser how gradients become steps
 * @param lookahead steps between two averagings of the weights (M. Zhang et al., arXiv:1907.08610);
 *     0 for none
 * @param schedule of the learning rate
 * @param mirrored whether a served answer is made of the scores of an image and of its mirror
 *     image: twice the work for each answer, and fewer mistakes
 * @param epochs times that every training image is shown
 * @param batch images a step
 */
public record Recipe(
    String name,
    int size,
    List<Layer> layers,
    List<Stage> stages,
    Augmentation augmentation,
    double labelSmoothing,
    Optimiser optimiser,
    int lookahead,
    Schedule schedule,
    boolean mirrored,
    int epochs,
    int batch) {

  /** The same recipe for another number of epochs; what depends on progress stretches with it. */
  public Recipe withEpochs(int number) {
    return new Recipe(
        name,
        size,
        layers,
        stages,
        augmentation,
        labelSmoothing,
        optimiser,
        lookahead,
        schedule,
        mirrored,
        number,
        batch);
  }

  /** The same recipe for another number of images a step. */
  public Recipe withBatch(int number) {
    return new Recipe(
        name,
        size,
        layers,
        stages,
        augmentation,
        labelSmoothing,
        optimiser,
        lookahead,
        schedule,
        mirrored,
        epochs,
        number);
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
