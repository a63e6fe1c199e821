package io.pigeonhole.trainer.data;

import java.util.List;

/**
 * Images in memory.
 *
 * @param classes names; a label is an index into them
 * @param size side of the square images in pixels
 * @param pixels RGB bytes, image after image, each {@code [size, size, 3]}
 * @param labels one an image
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody; copies would cost too much
public record LabeledImages(List<String> classes, int size, byte[] pixels, int[] labels)
    implements Images {

  public LabeledImages {
    if (pixels.length != (long) labels.length * size * size * CHANNELS) {
      throw new IllegalArgumentException(
          pixels.length + " bytes are not " + labels.length + " images of side " + size);
    }
  }

  @Override
  public void read(int image, byte[] target, int at) {
    System.arraycopy(pixels, image * bytesPerImage(), target, at, bytesPerImage());
  }
}
