package io.pigeonhole.image;

import java.awt.image.Raster;

/**
 * Makes colours of a TIFF's samples as they are: Java takes greys for linear light, whatever comes
 * fourth for an opacity, and CMYK by a profile of its own.
 */
final class TiffRows implements ArgbRows {
  private static final float[] WHITES = {1, 255, 65_535, 1L << 32};
  private static final float[] SIGNED_WHITES = {1, 127, 255, 32_767, 65_535, 1L << 31};

  private final Raster raster;
  private final TiffSamples samples;
  private final float white;
  private final int[][] bands;
  private final int[] integers;
  private final float[] floats;

  TiffRows(FileBytes file, Raster raster, TiffSamples samples) throws UndecodableImageException {
    this.raster = raster;
    this.samples = samples;
    int used = samples.photometric().colors() + (hasAlpha() ? 1 : 0);
    if (raster.getNumBands() < used) {
      throw file.unsupported("%d samples a pixel were expected, found fewer", used);
    }
    this.bands = new int[used][raster.getWidth()];
    this.integers = new int[raster.getWidth()];
    this.floats = new float[raster.getWidth()];
    this.white = samples.haveKnownWhite() ? samples.white() : leastWhite(file);
  }

  private boolean hasAlpha() {
    return samples.alpha() != TiffSamples.Alpha.NONE;
  }

  /** The smallest of the usual ones that is above all samples. */
  private float leastWhite(FileBytes file) throws UndecodableImageException {
    float most = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      for (int band = 0; band < samples.photometric().colors(); band++) {
        for (float value : floats(y, band)) {
          most = value > most ? value : most;
        }
      }
    }
    boolean signed = samples.numbers() == TiffSamples.Numbers.SIGNED;
    for (float usual : signed ? SIGNED_WHITES : WHITES) {
      if (most <= usual) {
        return usual;
      }
    }
    throw file.unsupported("samples of up to %.0f were expected, found %g", WHITES[3], most);
  }

  @Override
  public void read(int y, int[] argb) {
    for (int band = 0; band < bands.length; band++) {
      readBand(y, band);
    }
    for (int x = 0; x < argb.length; x++) {
      argb[x] = shown(x, color(x));
    }
  }

  private void readBand(int y, int band) {
    int[] values = bands[band];
    if (!samples.haveKnownWhite()) {
      float[] row = floats(y, band);
      for (int x = 0; x < values.length; x++) {
        // what is no number is black
        values[x] = row[x] > 0 ? Math.round(255 * Math.min(1, row[x] / white)) : 0;
      }
      return;
    }
    int most = samples.white();
    raster.getSamples(0, y, values.length, 1, band, integers);
    for (int x = 0; x < values.length; x++) {
      int value = Math.max(0, Math.min(most, number(integers[x])));
      values[x] = byteOf(value, most);
    }
  }

  private int byteOf(int value, int most) {
    if (most == 255) {
      return value;
    } else if (samples.photometric().isLab()) {
      // the upper byte, whose sign stays one
      return value >> Byte.SIZE;
    }
    return (int) ((value * 255L + most / 2) / most);
  }

  private int number(int value) {
    if (samples.numbers() == TiffSamples.Numbers.UNSIGNED) {
      return value & samples.white();
    }
    // the reader hands 8 bits on as if they had no sign
    return samples.bits() == 8 ? (byte) value : value;
  }

  private float[] floats(int y, int band) {
    raster.getSamples(0, y, floats.length, 1, band, floats);
    if (samples.numbers() == TiffSamples.Numbers.UNSIGNED) {
      for (int x = 0; x < floats.length; x++) {
        floats[x] = floats[x] < 0 ? floats[x] + (1L << 32) : floats[x];
      }
    }
    return floats;
  }

  private int color(int x) {
    return switch (samples.photometric()) {
      case WHITE_IS_ZERO -> (255 - bands[0][x]) * 0x010101;
      case BLACK_IS_ZERO, PALETTE -> bands[0][x] * 0x010101;
      case RGB, YCBCR -> bands[0][x] << 16 | bands[1][x] << 8 | bands[2][x];
      case CMYK -> ink(0, x) << 16 | ink(1, x) << 8 | ink(2, x);
      case CIELAB -> CieLab.rgb(bands[0][x] / 2.55, (byte) bands[1][x], (byte) bands[2][x]);
      case ICCLAB -> CieLab.rgb(bands[0][x] / 2.55, bands[1][x] - 128.0, bands[2][x] - 128.0);
    };
  }

  /** What cyan, magenta or yellow leave of their opposite, and black of that. */
  private int ink(int band, int x) {
    return ((255 - bands[band][x]) * (255 - bands[3][x]) + 127) / 255;
  }

  private int shown(int x, int rgb) {
    int alpha = hasAlpha() ? bands[bands.length - 1][x] : 255;
    return samples.alpha() == TiffSamples.Alpha.ASSOCIATED
        ? 0xff000000 | White.underAssociated(rgb, alpha)
        : alpha << 24 | rgb;
  }
}
