package io.pigeonhole.trainer.training;

import io.pigeonhole.trainer.data.Images;
import java.util.SplittableRandom;

/**
 * A random round shape somewhere in a picture: an ellipse with waves around it.
 *
 * @param size side of the picture
 * @param row of its middle
 * @param column of its middle
 * @param stretch of one axis; the other one is shortened by as much
 * @param turn of the axes, in radians
 * @param radii in pixels, by angle
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Blob(int size, double row, double column, double stretch, double turn, double[] radii) {

  private static final int ANGLES = 64;
  private static final int WAVES = 7;

  /** Parts of a pixel that its border takes on either side of it. */
  private static final double SOFT = 0.7;

  static Blob drawn(int size, SplittableRandom random) {
    double half = size / 2.0;
    double radius = random.nextDouble(0.35, 0.85) * half;
    double[] height = new double[WAVES + 1];
    double[] phase = new double[WAVES + 1];
    for (int wave = 2; wave <= WAVES; wave++) {
      height[wave] = random.nextDouble(-0.6, 0.6) / wave;
      phase[wave] = random.nextDouble(2 * Math.PI);
    }
    double[] radii = new double[ANGLES];
    for (int i = 0; i < ANGLES; i++) {
      double waves = 1;
      for (int wave = 2; wave <= WAVES; wave++) {
        waves += height[wave] * Math.cos(wave * 2 * Math.PI * i / ANGLES + phase[wave]);
      }
      radii[i] = radius * Math.max(0.2, waves);
    }
    return new Blob(
        size,
        random.nextDouble(0.3, 0.7) * size,
        random.nextDouble(0.3, 0.7) * size,
        Math.exp(random.nextDouble(-0.5, 0.5)),
        random.nextDouble(Math.PI),
        radii);
  }

  /**
   * Paints its inside.
   *
   * @param inside what is seen there, {@code [size, size, 3]}
   */
  void fill(byte[] inside, byte[] target) {
    double cos = Math.cos(turn);
    double sin = Math.sin(turn);
    for (int y = 0; y < size; y++) {
      for (int x = 0; x < size; x++) {
        double down = y + 0.5 - row;
        double right = x + 0.5 - column;
        double along = (right * cos + down * sin) * stretch;
        double across = (down * cos - right * sin) / stretch;
        double share = share(Math.hypot(along, across), Math.atan2(across, along));
        if (share > 0) {
          mix(inside, target, (y * size + x) * Images.CHANNELS, share);
        }
      }
    }
  }

  /** How much of a pixel is inside. */
  private double share(double distance, double angle) {
    double place = (angle / (2 * Math.PI) + 1) * ANGLES;
    int before = (int) place;
    double after = place - before;
    double radius = radii[before % ANGLES] * (1 - after) + radii[(before + 1) % ANGLES] * after;
    return Math.max(0, Math.min(1, (radius - distance) / (2 * SOFT) + 0.5));
  }

  private static void mix(byte[] inside, byte[] target, int place, double share) {
    for (int i = place; i < place + Images.CHANNELS; i++) {
      double mixed = share * (inside[i] & 0xff) + (1 - share) * (target[i] & 0xff);
      target[i] = (byte) Math.round(mixed);
    }
  }
}
