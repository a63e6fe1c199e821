package io.pigeonhole.trainer.data;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Square RGB images of one size with their classes, read in any order, by any number of threads. In
 * memory there need be no more of them than their labels.
 */
public interface Images {

  /** Bytes of a pixel: red, green, blue. */
  int CHANNELS = 3;

  /** Names; a label is an index into them. */
  List<String> classes();

  /** Side in pixels. */
  int size();

  /** One an image; not to be changed. */
  int[] labels();

  /**
   * Copies the pixels of an image, {@code [size, size, 3]}, row-major.
   *
   * @param image from 0
   * @param at where in the target they begin
   * @throws UncheckedIOException if they cannot be read
   */
  void read(int image, byte[] target, int at);

  /**
   * The file that an image comes from, as its place names it; empty if it has none of its own.
   *
   * @throws UncheckedIOException if the name cannot be read
   */
  default String name(int image) {
    return "";
  }

  /** Number of images. */
  default int count() {
    return labels().length;
  }

  /** Bytes of one image. */
  default int bytesPerImage() {
    return size() * size() * CHANNELS;
  }

  /** A copy of the pixels of the images {@code from} (inclusive) to {@code to} (exclusive). */
  default byte[] read(int from, int to) {
    byte[] pixels = new byte[Math.multiplyExact(to - from, bytesPerImage())];
    for (int image = from; image < to; image++) {
      read(image, pixels, (image - from) * bytesPerImage());
    }
    return pixels;
  }

  /** The images {@code from} (inclusive) to {@code to} (exclusive), not copied. */
  default Images slice(int from, int to) {
    return only(IntStream.range(from, to).toArray());
  }

  /** The images at these places, in this order, not copied. */
  default Images only(int[] places) {
    return new ChosenImages(this, places);
  }
}
