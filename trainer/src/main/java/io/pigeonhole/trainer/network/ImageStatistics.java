package io.pigeonhole.trainer.network;

import io.pigeonhole.trainer.data.Images;

/**
 * Mean and variance of the bytes of a set of images.
 *
 * @param mean one a channel, 0..255
 * @param variance one a channel
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ImageStatistics(float[] mean, float[] variance) {

  /** Images that are looked at, evenly over the set, if there are many more. */
  private static final int SAMPLE = 50_000;

  static ImageStatistics of(Images images) {
    int channels = Images.CHANNELS;
    long[] sums = new long[channels];
    long[] squares = new long[channels];
    byte[] pixels = new byte[images.bytesPerImage()];
    int every = Math.max(1, images.count() / SAMPLE);
    long looked = 0;
    for (int image = 0; image < images.count(); image += every) {
      images.read(image, pixels, 0);
      looked += pixels.length / channels;
      for (int i = 0; i < pixels.length; i++) {
        int value = pixels[i] & 0xff;
        sums[i % channels] += value;
        squares[i % channels] += (long) value * value;
      }
    }
    double count = Math.max(1, looked);
    float[] mean = new float[channels];
    float[] variance = new float[channels];
    for (int channel = 0; channel < channels; channel++) {
      double average = sums[channel] / count;
      mean[channel] = (float) average;
      // a channel without any contrast must not divide by zero
      variance[channel] = (float) Math.max(1, squares[channel] / count - average * average);
    }
    return new ImageStatistics(mean, variance);
  }
}
