package io.pigeonhole.trainer.base;

import io.pigeonhole.image.Pixels;
import io.pigeonhole.image.Resize;
import io.pigeonhole.model.Input;
import io.pigeonhole.model.ModelRefusedException;
import io.pigeonhole.model.ProbeImages;
import io.pigeonhole.trainer.recipe.BaseGraph;
import java.util.Arrays;
import java.util.List;
import org.tensorflow.exceptions.TensorFlowException;

/** A base that has been asked for the features of two drawn images. */
final class TriedBase {

  private TriedBase() {}

  /**
   * Asks it, and finds how many features it gives.
   *
   * @throws ModelRefusedException if it fails, or the features are no numbers or always the same
   */
  static BaseGraph of(BaseGraph base) throws ModelRefusedException {
    try (BaseSession session = new BaseSession(base)) {
      int size = base.size();
      Input input = Input.uint8("images", size, size, 3, Resize.CROP);
      List<Pixels> images = ProbeImages.of(size, size);
      byte[] first = input.pixels(images.get(0));
      byte[] second = input.pixels(images.get(1));
      byte[] both = Arrays.copyOf(first, first.length + second.length);
      System.arraycopy(second, 0, both, first.length, second.length);
      float[] features = session.features(both, size);
      int count = features.length / 2;
      requireUse(features, count);
      return new BaseGraph(base.graph(), base.images(), base.features(), size, count);
    } catch (TensorFlowException | IllegalArgumentException e) {
      throw new ModelRefusedException(
          "it cannot be asked for features: " + SavedModelImport.firstLine(e), e);
    }
  }

  private static void requireUse(float[] features, int count) throws ModelRefusedException {
    for (float feature : features) {
      if (!Float.isFinite(feature)) {
        throw new ModelRefusedException("its features are infinite or no numbers");
      }
    }
    if (count == 0 || Arrays.equals(features, 0, count, features, count, features.length)) {
      throw new ModelRefusedException("it gives two images that differ the same features");
    }
  }
}
