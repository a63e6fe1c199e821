package io.pigeonhole.trainer.data;

import java.nio.ByteBuffer;
import java.util.List;

/** Images made smaller by averaging areas, so that nothing aliases. */
public final class Downscaled implements Images {

  /** A fourth of what may be outside of Java's heap, which is as much as may be in it. */
  private static final long MOST_BYTES = Math.min(256L << 20, Runtime.getRuntime().maxMemory() / 4);

  private final Images images;
  private final int size;
  private final float[][] shares;

  private Downscaled(Images images, int size) {
    this.images = images;
    this.size = size;
    this.shares = shares(images.size(), size);
  }

  /**
   * Shrinks images.
   *
   * @param size new side in pixels, at most the present one
   * @return the same images if they have that size already; as many as there is room for are kept
   *     in memory, larger sets are shrunk whenever they are read
   */
  public static Images of(Images images, int size) {
    if (size == images.size()) {
      return images;
    }
    if (size > images.size()) {
      throw new IllegalArgumentException(
          "images of side " + images.size() + " do not shrink to " + size);
    }
    Images shrinking = new Downscaled(images, size);
    return (long) shrinking.count() * shrinking.bytesPerImage() > MOST_BYTES
        ? shrinking
        : inMemory(shrinking);
  }

  private static Images inMemory(Images images) {
    ByteBuffer pixels = ByteBuffer.allocateDirect(images.count() * images.bytesPerImage());
    byte[] image = new byte[images.bytesPerImage()];
    for (int i = 0; i < images.count(); i++) {
      images.read(i, image, 0);
      pixels.put(image);
    }
    return new LabeledImages(images.classes(), images.size(), pixels, images.labels());
  }

  @Override
  public List<String> classes() {
    return images.classes();
  }

  @Override
  public int size() {
    return size;
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
    byte[] original = new byte[images.bytesPerImage()];
    images.read(image, original, 0);
    shrinkColumns(shrinkRows(original), target, at);
  }

  /** Part that each old pixel (second index) has in each new one. */
  private static float[][] shares(int from, int to) {
    double step = (double) from / to;
    float[][] shares = new float[to][from];
    for (int target = 0; target < to; target++) {
      for (int source = 0; source < from; source++) {
        double overlap =
            Math.min((target + 1) * step, source + 1.0) - Math.max(target * step, source);
        shares[target][source] = (float) (Math.max(0, overlap) / step);
      }
    }
    return shares;
  }

  private float[] shrinkRows(byte[] original) {
    int side = images.size();
    float[] wide = new float[side * size * CHANNELS];
    for (int y = 0; y < side; y++) {
      for (int x = 0; x < size; x++) {
        for (int channel = 0; channel < CHANNELS; channel++) {
          float sum = 0;
          for (int source = first(shares[x]); source < side && shares[x][source] > 0; source++) {
            int from = (y * side + source) * CHANNELS + channel;
            sum += shares[x][source] * (original[from] & 0xff);
          }
          wide[(y * size + x) * CHANNELS + channel] = sum;
        }
      }
    }
    return wide;
  }

  private void shrinkColumns(float[] wide, byte[] target, int at) {
    int values = size * CHANNELS;
    for (int y = 0; y < size; y++) {
      for (int i = 0; i < values; i++) {
        float sum = 0;
        for (int source = first(shares[y]);
            source < shares[y].length && shares[y][source] > 0;
            source++) {
          sum += shares[y][source] * wide[source * values + i];
        }
        target[at + y * values + i] = (byte) Math.round(sum);
      }
    }
  }

  private static int first(float[] shares) {
    int first = 0;
    while (shares[first] == 0) {
      first++;
    }
    return first;
  }
}
