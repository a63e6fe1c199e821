package io.pigeonhole.trainer.network;

import io.pigeonhole.trainer.data.Images;
import java.util.List;

/**
 * Images with three times the same grey, the one that a network of one channel makes of them.
 *
 * @param images the coloured ones
 */
record GreyImages(Images images) implements Images {

  @Override
  public List<String> classes() {
    return images.classes();
  }

  @Override
  public int size() {
    return images.size();
  }

  @Override
  public int[] labels() {
    return images.labels();
  }

  @Override
  public String name(int image) {
    return images.name(image);
  }

  @Override
  public void read(int image, byte[] target, int at) {
    images.read(image, target, at);
    for (int i = at; i < at + bytesPerImage(); i += CHANNELS) {
      byte grey = grey(target[i] & 0xff, target[i + 1] & 0xff, target[i + 2] & 0xff);
      target[i] = grey;
      target[i + 1] = grey;
      target[i + 2] = grey;
    }
  }

  /** See {@link Network#scores}. */
  private static byte grey(int red, int green, int blue) {
    return (byte) ((red * 19595 + green * 38470 + blue * 7471 + 32768) >> 16);
  }
}
