package io.pigeonhole.trainer.data;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Images in memory.
 *
 * @param classes names; a label is an index into them
 * @param size side of the square images in pixels
 * @param pixels RGB bytes, image after image, each {@code [size, size, 3]}; many are best kept
 *     outside of Java's heap, which wants room beside what it holds
 * @param labels one an image
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody; copies would cost too much
public record LabeledImages(List<String> classes, int size, ByteBuffer pixels, int[] labels)
    implements Images {

  public LabeledImages {
    pixels = pixels.duplicate().clear();
    if (pixels.capacity() != (long) labels.length * size * size * CHANNELS) {
      throw new IllegalArgumentException(
          pixels.capacity() + " bytes are not " + labels.length + " images of side " + size);
    }
  }

  @Override
  public void read(int image, byte[] target, int at) {
    pixels.get(image * bytesPerImage(), target, at, bytesPerImage());
  }
}
