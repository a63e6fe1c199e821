package io.pigeonhole.trainer.data;

/** Images made smaller by averaging areas, so that nothing aliases. */
public final class Downscaled {

  private Downscaled() {}

  /**
   * Shrinks images.
   *
   * @param size new side in pixels, at most the present one
   * @return the same images if they have that size already
   */
  public static LabeledImages of(LabeledImages images, int size) {
    if (size == images.size()) {
      return images;
    }
    if (size > images.size()) {
      throw new IllegalArgumentException(
          "images of side " + images.size() + " do not shrink to " + size);
    }
    float[][] shares = shares(images.size(), size);
    int channels = LabeledImages.CHANNELS;
    byte[] result = new byte[images.count() * size * size * channels];
    float[] wide = new float[images.size() * size * channels];
    for (int image = 0; image < images.count(); image++) {
      shrinkRows(images, image * images.bytesPerImage(), shares, wide, size);
      shrinkColumns(wide, shares, result, image * size * size * channels, size);
    }
    return new LabeledImages(images.classes(), size, result, images.labels());
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

  private static void shrinkRows(
      LabeledImages images, int at, float[][] shares, float[] wide, int size) {
    int side = images.size();
    for (int y = 0; y < side; y++) {
      for (int x = 0; x < size; x++) {
        for (int channel = 0; channel < LabeledImages.CHANNELS; channel++) {
          float sum = 0;
          for (int source = first(shares[x]); source < side && shares[x][source] > 0; source++) {
            int from = at + (y * side + source) * LabeledImages.CHANNELS + channel;
            sum += shares[x][source] * (images.pixels()[from] & 0xff);
          }
          wide[(y * size + x) * LabeledImages.CHANNELS + channel] = sum;
        }
      }
    }
  }

  private static void shrinkColumns(
      float[] wide, float[][] shares, byte[] result, int at, int size) {
    int values = size * LabeledImages.CHANNELS;
    for (int y = 0; y < size; y++) {
      for (int i = 0; i < values; i++) {
        float sum = 0;
        for (int source = first(shares[y]);
            source < shares[y].length && shares[y][source] > 0;
            source++) {
          sum += shares[y][source] * wide[source * values + i];
        }
        result[at + y * values + i] = (byte) Math.round(sum);
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
