package io.pigeonhole.trainer.transfer;

import io.pigeonhole.model.ModelRefusedException;
import io.pigeonhole.trainer.base.BaseSession;
import io.pigeonhole.trainer.data.FeatureRows;
import io.pigeonhole.trainer.data.Images;
import io.pigeonhole.trainer.recipe.Augmentation;
import io.pigeonhole.trainer.recipe.BaseGraph;
import io.pigeonhole.trainer.training.AugmentedView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Asks a base for the features of images that are not there yet, some views of each, the image
 * itself first.
 *
 * @param views of each image
 * @param seed of the views
 */
record FeatureExtraction(
    BaseGraph base, Images images, Augmentation augmentation, int views, long seed) {

  /** Images that the base is given at a time: few enough to stay in the processor's caches. */
  private static final int BATCH = 32;

  private static final long SAVE_EVERY_NANOS = 5_000_000_000L;

  /**
   * Computes what is missing.
   *
   * @param listener told how many images are done; it may end this by throwing
   * @throws ModelRefusedException if the base cannot be asked, or does not answer with numbers
   * @throws IOException if the disk is full: what was done is kept
   */
  void into(FeatureRows rows, Listener listener)
      throws IOException, ModelRefusedException, InterruptedException {
    if (rows.pending() == 0) {
      return;
    }
    int atATime = Math.max(1, BATCH / views);
    long saved = System.nanoTime();
    int done = images.count() - rows.pending();
    try (BaseSession session = new BaseSession(base)) {
      List<Integer> waiting = new ArrayList<>();
      for (int image = 0; image < images.count(); image++) {
        if (!rows.has(image)) {
          waiting.add(image);
        }
        if (waiting.size() == atATime || (image == images.count() - 1 && !waiting.isEmpty())) {
          compute(session, waiting, rows);
          done += waiting.size();
          waiting.clear();
          if (listener.stop(done, images.count())) {
            throw new InterruptedException("stopped");
          }
          if (System.nanoTime() - saved > SAVE_EVERY_NANOS) {
            rows.save();
            saved = System.nanoTime();
          }
        }
      }
    } finally {
      rows.save();
    }
  }

  /** Hears how far the features are. */
  @FunctionalInterface
  interface Listener {

    /** After some images; whether to stop. */
    boolean stop(int done, int of);
  }

  private void compute(BaseSession session, List<Integer> some, FeatureRows rows)
      throws IOException, ModelRefusedException {
    int bytes = images.bytesPerImage();
    byte[] pixels = new byte[some.size() * views * bytes];
    IntStream.range(0, some.size())
        .parallel()
        .forEach(i -> paint(some.get(i), pixels, i * views * bytes));
    float[] features = session.features(pixels, images.size());
    int each = views * base.count();
    for (int i = 0; i < some.size(); i++) {
      float[] ofImage = Arrays.copyOfRange(features, i * each, (i + 1) * each);
      for (float feature : ofImage) {
        if (!Float.isFinite(feature)) {
          throw new ModelRefusedException(
              "the base gives the image %s features that are infinite or no numbers"
                  .formatted(images.name(some.get(i))));
        }
      }
      rows.keep(some.get(i), ofImage);
    }
  }

  private void paint(int image, byte[] target, int at) {
    int bytes = images.bytesPerImage();
    images.read(image, target, at);
    byte[] original = new byte[bytes];
    byte[] painted = new byte[bytes];
    for (int view = 1; view < views; view++) {
      AugmentedView.paint(images, image, augmentation, seed, view, original, painted);
      System.arraycopy(painted, 0, target, at + view * bytes, bytes);
    }
  }
}
