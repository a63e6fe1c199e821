package io.pigeonhole.trainer.data;

import java.util.Arrays;
import java.util.List;

/**
 * Images of one size with their classes, in memory.
 *
 * @param classes names; a label is an index into them
 * @param size side of the square images in pixels
 * @param pixels RGB bytes, image after image, each {@code [size, size, 3]}
 * @param labels one an image
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody; copies would cost too much
public record LabeledImages(List<String> classes, int size, byte[] pixels, int[] labels) {

  /** Bytes of a pixel: red, green, blue. */
  public static final int CHANNELS = 3;

  public LabeledImages {
    if (pixels.length != (long) labels.length * size * size * CHANNELS) {
      throw new IllegalArgumentException(
          pixels.length + " bytes are not " + labels.length + " images of side " + size);
    }
  }

  /** Number of images. */
  public int count() {
    return labels.length;
  }

  /** Bytes of one image. */
  public int bytesPerImage() {
    return size * size * CHANNELS;
  }

  /** A copy of the images {@code from} (inclusive) to {@code to} (exclusive). */
  public LabeledImages slice(int from, int to) {
    return new LabeledImages(
        classes,
        size,
        Arrays.copyOfRange(pixels, from * bytesPerImage(), to * bytesPerImage()),
        Arrays.copyOfRange(labels, from, to));
  }

  /** A copy of the images at these places, in this order. */
  public LabeledImages only(int[] places) {
    byte[] kept = new byte[places.length * bytesPerImage()];
    int[] keptLabels = new int[places.length];
    for (int i = 0; i < places.length; i++) {
      System.arraycopy(
          pixels, places[i] * bytesPerImage(), kept, i * bytesPerImage(), bytesPerImage());
      keptLabels[i] = labels[places[i]];
    }
    return new LabeledImages(classes, size, kept, keptLabels);
  }
}
