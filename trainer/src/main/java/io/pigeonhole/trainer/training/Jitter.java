package io.pigeonhole.trainer.training;

import io.pigeonhole.trainer.data.Images;
import java.util.SplittableRandom;

/**
 * What another camera, another light or another file format would have made of a picture.
 *
 * @param sharpness added, as a part of the detail that there is; negative for softer
 * @param detail of the lightness that is added to each channel, as a part: JPEG files often have
 *     none of their own in their colours
 * @param contrast factor on the distance from the mean
 * @param saturation factor on the distance from grey
 * @param cast added to each channel
 * @param noise greatest change of a value
 * @param seed of the noise
 */
record Jitter(
    float sharpness,
    Channels detail,
    float contrast,
    float saturation,
    Channels cast,
    float noise,
    long seed) {

  /** A number for each channel. */
  record Channels(float red, float green, float blue) {

    private static final Channels ZERO = new Channels(0, 0, 0);

    private static Channels drawn(double most, SplittableRandom random) {
      return new Channels(
          (float) random.nextDouble(-most, most),
          (float) random.nextDouble(-most, most),
          (float) random.nextDouble(-most, most));
    }

    private float of(int channel) {
      return channel == 0 ? red : channel == 1 ? green : blue;
    }
  }

  /** The picture as it is. */
  static final Jitter NONE = new Jitter(0, Channels.ZERO, 1, 1, Channels.ZERO, 0, 0);

  private static final int CHANNELS = Images.CHANNELS;

  /**
   * Draws what is changed.
   *
   * @param part of the pictures that each change is made to, 0 to 1; of noise, half of it
   */
  static Jitter drawn(double part, SplittableRandom random) {
    boolean sharpens = random.nextDouble() < part;
    boolean details = random.nextDouble() < part;
    boolean contrasts = random.nextDouble() < part;
    boolean saturates = random.nextDouble() < part;
    boolean casts = random.nextDouble() < part;
    boolean noisy = random.nextDouble() < part / 2;
    return new Jitter(
        sharpens ? (float) random.nextDouble(-1, 1) : 0,
        details ? Channels.drawn(0.5, random) : Channels.ZERO,
        contrasts ? (float) random.nextDouble(0.65, 1.35) : 1,
        saturates ? (float) random.nextDouble(0.5, 1.5) : 1,
        casts ? Channels.drawn(12, random) : Channels.ZERO,
        noisy ? (float) random.nextDouble(20) : 0,
        seed(noisy, random));
  }

  /** Of pictures without noise always the same, so that those left alone are equal. */
  private static long seed(boolean noisy, SplittableRandom random) {
    long drawn = random.nextLong();
    return noisy ? drawn : 0;
  }

  /**
   * Changes a picture.
   *
   * @param picture {@code [size, size, 3]}
   */
  void change(byte[] picture, int size) {
    if (this.equals(NONE)) {
      return;
    }
    float[] values = new float[picture.length];
    float[] mean = new float[CHANNELS];
    for (int i = 0; i < values.length; i++) {
      values[i] = picture[i] & 0xff;
      mean[i % CHANNELS] += values[i] * CHANNELS / values.length;
    }
    if (sharpness != 0 || !detail.equals(Channels.ZERO)) {
      sharpen(values, size);
    }
    float grey = (mean[0] + mean[1] + mean[2]) / CHANNELS;
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < values.length; i += CHANNELS) {
      float lightness = (values[i] + values[i + 1] + values[i + 2]) / CHANNELS;
      for (int channel = 0; channel < CHANNELS; channel++) {
        float value = lightness + (values[i + channel] - lightness) * saturation;
        value = grey + (value - grey) * contrast + cast.of(channel);
        if (noise > 0) {
          value += (float) random.nextDouble(-noise, noise);
        }
        picture[i + channel] = (byte) Math.max(0, Math.min(255, Math.round(value)));
      }
    }
  }

  /** Detail is what differs from the mean of the neighbours, by binomial weights. */
  private void sharpen(float[] values, int size) {
    float[] fine = blurred(values, size);
    for (int i = 0; i < values.length; i++) {
      fine[i] = values[i] - fine[i];
    }
    for (int i = 0; i < values.length; i += CHANNELS) {
      float lightness = (fine[i] + fine[i + 1] + fine[i + 2]) / CHANNELS;
      for (int channel = 0; channel < CHANNELS; channel++) {
        values[i + channel] += sharpness * fine[i + channel] + detail.of(channel) * lightness;
      }
    }
  }

  private static float[] blurred(float[] values, int size) {
    float[] across = new float[values.length];
    float[] blurred = new float[values.length];
    int row = size * CHANNELS;
    for (int i = 0; i < values.length; i++) {
      int column = i % row;
      float before = values[column < CHANNELS ? i : i - CHANNELS];
      float after = values[column >= row - CHANNELS ? i : i + CHANNELS];
      across[i] = (before + 2 * values[i] + after) / 4;
    }
    for (int i = 0; i < values.length; i++) {
      float above = across[i < row ? i : i - row];
      float below = across[i >= values.length - row ? i : i + row];
      blurred[i] = (above + 2 * across[i] + below) / 4;
    }
    return blurred;
  }
}
