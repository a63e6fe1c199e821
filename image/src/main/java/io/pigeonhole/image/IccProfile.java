package io.pigeonhole.image;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An ICC profile (ICC.1:2022) that describes RGB by three primaries and their curves. Profiles of
 * other kinds, by tables or of other colours, are not read.
 */
final class IccProfile {
  /** Larger ones are not read: those of primaries and curves have a few kilobytes. */
  static final int MAX_BYTES = 1 << 20;

  /** The few profiles that most images have, so that small images do not wait for them. */
  private static final Map<ByteBuffer, ColorConversion> READ = new ConcurrentHashMap<>();

  private static final int MAX_READ = 32;
  private static final int USUAL_BYTES = 8192;
  private static final int HEADER = 128;
  private static final int MAX_TAGS = 200;
  private static final int[] PARAMETERS = {1, 3, 4, 5, 7};

  private final FileBytes file;

  private IccProfile(byte[] bytes) {
    this.file = new FileBytes("ICC profile", bytes);
  }

  /** How its colours become sRGB; not at all if it cannot be read: that costs no image. */
  static ColorConversion conversion(byte[] bytes) {
    if (bytes.length > USUAL_BYTES) {
      return read(bytes);
    }
    if (READ.size() > MAX_READ) {
      READ.clear();
    }
    return READ.computeIfAbsent(ByteBuffer.wrap(bytes), key -> read(bytes));
  }

  private static ColorConversion read(byte[] bytes) {
    try {
      return new IccProfile(bytes).conversion().orElse(ColorConversion.NONE);
    } catch (UndecodableImageException e) {
      return ColorConversion.NONE;
    }
  }

  /** That of the profile in a part of a file. */
  static ColorConversion conversion(FileBytes file, long at, int length) {
    return length > MAX_BYTES ? ColorConversion.NONE : conversion(file.slice(at, length).bytes());
  }

  private Optional<ColorConversion> conversion() throws UndecodableImageException {
    if (!file.has(36, "acsp") || !file.has(16, "RGB XYZ ")) {
      return Optional.empty();
    }
    double[][] toXyz = new double[3][3];
    ToneCurve[] curves = new ToneCurve[3];
    for (int c = 0; c < 3; c++) {
      String color = "rgb".substring(c, c + 1);
      long xyz = tag(color + "XYZ");
      for (int row = 0; row < 3; row++) {
        toXyz[row][c] = fixed(xyz + 8 + 4L * row);
      }
      curves[c] = curve(tag(color + "TRC"));
    }
    Primaries primaries = new Primaries(toXyz);
    return primaries.areSound()
        ? Optional.of(ColorConversion.of(primaries, curves))
        : Optional.empty();
  }

  private long tag(String signature) throws UndecodableImageException {
    int count = file.big32(HEADER);
    for (int i = 0; i < Math.min(count, MAX_TAGS); i++) {
      long entry = HEADER + 4 + 12L * i;
      if (file.has(entry, signature)) {
        return file.big32(entry + 4) & 0xffffffffL;
      }
    }
    throw file.unsupported("it has no %s", signature);
  }

  private ToneCurve curve(long at) throws UndecodableImageException {
    if (file.has(at, "para")) {
      return parametric(at);
    } else if (!file.has(at, "curv")) {
      throw file.unsupported("a curve was expected at %d", at);
    }
    int count = file.big32(at + 8);
    if (count == 0) {
      return ToneCurve.gamma(1);
    } else if (count == 1) {
      return ToneCurve.gamma(file.big16(at + 12) / 256.0);
    }
    file.require(at + 12, 2L * count);
    double[] points = new double[count];
    for (int i = 0; i < count; i++) {
      points[i] = file.big16(at + 12 + 2L * i) / 65535.0;
    }
    return value -> between(points, value * (count - 1));
  }

  private static double between(double[] points, double place) {
    int left = Math.min((int) place, points.length - 2);
    return points[left] + (points[left + 1] - points[left]) * (place - left);
  }

  /** ICC.1:2022, 10.18: a power above d, a line below it. */
  private ToneCurve parametric(long at) throws UndecodableImageException {
    int type = file.big16(at + 8);
    if (type >= PARAMETERS.length) {
      throw file.unsupported("a curve of type 0 to 4 was expected, found %d", type);
    }
    double[] p = new double[7];
    for (int i = 0; i < PARAMETERS[type]; i++) {
      p[i] = fixed(at + 12 + 4L * i);
    }
    double a = type == 0 ? 1 : p[1];
    double d = type == 0 ? 0 : type <= 2 ? -p[2] / a : p[4];
    double above = type == 2 ? p[3] : type == 4 ? p[5] : 0;
    double below = type == 2 ? p[3] : type == 4 ? p[6] : 0;
    double slope = type >= 3 ? p[3] : 0;
    return value -> value >= d ? Math.pow(a * value + p[2], p[0]) + above : slope * value + below;
  }

  private double fixed(long at) throws UndecodableImageException {
    return file.big32(at) / 65536.0;
  }
}
