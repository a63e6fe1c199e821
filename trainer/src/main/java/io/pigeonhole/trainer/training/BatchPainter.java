package io.pigeonhole.trainer.training;

import io.pigeonhole.trainer.data.Images;
import io.pigeonhole.trainer.network.Batch;
import java.util.Arrays;
import java.util.Optional;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.ByteDataBuffer;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint8;

/**
 * Paints batches straight into memory of TensorFlow's.
 *
 * @param images that the views are of
 * @param mixes whether a batch says what else its images show
 */
record BatchPainter(Images images, boolean mixes) {

  /**
   * Paints a batch.
   *
   * @param outliers of no class, which come last
   */
  Batch paint(MixedView[] views, Outlier[] outliers) {
    int count = views.length + outliers.length;
    TUint8 pixels =
        Tensor.of(TUint8.class, Shape.of(count, images.size(), images.size(), Images.CHANNELS));
    try {
      paint(views, outliers, pixels.asRawTensor().data());
    } catch (RuntimeException unreadable) {
      pixels.close();
      throw unreadable;
    }
    int[] labels = Arrays.stream(views).mapToInt(MixedView::label).toArray();
    return new Batch(pixels, tensor(labels), mixes ? Optional.of(second(views)) : Optional.empty());
  }

  private void paint(MixedView[] views, Outlier[] outliers, ByteDataBuffer target) {
    byte[] pixels = new byte[images.bytesPerImage()];
    byte[] inside = new byte[images.bytesPerImage()];
    byte[] painted = new byte[images.bytesPerImage()];
    for (int i = 0; i < views.length; i++) {
      views[i].paint(pixels, inside, painted);
      target.offset((long) i * painted.length).write(painted);
    }
    for (int i = 0; i < outliers.length; i++) {
      outliers[i].paint(pixels, painted);
      target.offset((long) (views.length + i) * painted.length).write(painted);
    }
  }

  private static Batch.Second second(MixedView[] views) {
    int[] labels = Arrays.stream(views).mapToInt(MixedView::secondLabel).toArray();
    float[] shares = new float[views.length];
    for (int i = 0; i < views.length; i++) {
      shares[i] = views[i].secondShare();
    }
    return new Batch.Second(
        tensor(labels), TFloat32.tensorOf(Shape.of(shares.length), DataBuffers.of(shares)));
  }

  private static TInt32 tensor(int[] values) {
    return TInt32.tensorOf(Shape.of(values.length), DataBuffers.of(values));
  }
}
