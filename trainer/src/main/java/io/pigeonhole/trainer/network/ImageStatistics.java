package io.pigeonhole.trainer.network;

import io.pigeonhole.trainer.data.LabeledImages;

/**
 * Mean and variance of the bytes of a set of images.
 *
 * @param mean one a channel, 0..255
 * @param variance one a channel
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ImageStatistics(float[] mean, float[] variance) {

  static ImageStatistics of(LabeledImages images) {
    int channels = LabeledImages.CHANNELS;
    long[] sums = new long[channels];
    long[] squares = new long[channels];
    byte[] pixels = images.pixels();
    for (int i = 0; i < pixels.length; i++) {
      int value = pixels[i] & 0xff;
      sums[i % channels] += value;
      squares[i % channels] += (long) value * value;
    }
    double count = Math.max(1, pixels.length / channels);
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
