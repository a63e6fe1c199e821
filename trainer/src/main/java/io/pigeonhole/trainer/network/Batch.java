package io.pigeonhole.trainer.network;

import java.util.Optional;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint8;

/**
 * What a step is shown, in memory of TensorFlow's; the receiver closes it. The images of no class
 * that a recipe shows ({@link io.pigeonhole.trainer.recipe.OutlierExposure}) come after those of
 * the batch.
 *
 * @param images {@code [batch + outliers, size, size, 3]}, in one of the recipe's sizes
 * @param labels {@code [batch]}; of mixed images, those of the larger part
 * @param second what else the images show, if the recipe mixes them
 */
public record Batch(TUint8 images, TInt32 labels, Optional<Second> second)
    implements AutoCloseable {

  /** A batch of images that show one class each. */
  public Batch(TUint8 images, TInt32 labels) {
    this(images, labels, Optional.empty());
  }

  /**
   * The smaller part of mixed images.
   *
   * @param labels {@code [batch]}
   * @param shares {@code [batch]}, parts of the images that show these labels, 0 to 0.5
   */
  public record Second(TInt32 labels, TFloat32 shares) {}

  @Override
  public void close() {
    images.close();
    labels.close();
    second.ifPresent(
        mixed -> {
          mixed.labels().close();
          mixed.shares().close();
        });
  }
}
