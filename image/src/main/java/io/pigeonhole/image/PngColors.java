package io.pigeonhole.image;

import java.util.Arrays;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The colours of a PNG: what the first there is of cICP, iCCP and sRGB says, else gAMA and cHRM
 * (W3C PNG specification, third edition, 4.3). What cannot be read is ignored.
 */
final class PngColors {
  private static final int MAX_NAME = 79;
  private static final double UNIT = 100_000;

  /** The gamma of those who mean sRGB's curve, and have no other way to say so. */
  private static final int GAMMA_OF_SRGB = 45_455;

  private final FileBytes file;
  private final Map<String, Long> chunks;

  private PngColors(FileBytes file, Map<String, Long> chunks) {
    this.file = file;
    this.chunks = chunks;
  }

  /**
   * How they become sRGB.
   *
   * @param chunks where the first chunk of each type is
   */
  static ColorConversion conversion(FileBytes file, Map<String, Long> chunks) {
    try {
      return new PngColors(file, chunks).conversion();
    } catch (UndecodableImageException e) {
      return ColorConversion.NONE;
    }
  }

  private ColorConversion conversion() throws UndecodableImageException {
    if (chunks.containsKey("cICP")) {
      long at = chunks.get("cICP") + 8;
      return CodedColors.conversion(file.u8(at), file.u8(at + 1));
    } else if (chunks.containsKey("iCCP")) {
      return profile(chunks.get("iCCP"));
    } else if (chunks.containsKey("sRGB")) {
      return ColorConversion.NONE;
    }
    return gammaAndPrimaries();
  }

  private ColorConversion profile(long chunk) throws UndecodableImageException {
    int length = file.big32(chunk);
    long name = chunk + 8;
    long at = name;
    while (file.u8(at) != 0 && at - name <= MAX_NAME) {
      at++;
    }
    int start = (int) at + 2;
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(file.bytes(), start, Math.max(0, (int) name + length - start));
      byte[] profile = new byte[IccProfile.MAX_BYTES];
      int size = inflater.inflate(profile);
      return IccProfile.conversion(Arrays.copyOf(profile, size));
    } catch (DataFormatException e) {
      return ColorConversion.NONE;
    } finally {
      inflater.end();
    }
  }

  private ColorConversion gammaAndPrimaries() throws UndecodableImageException {
    ToneCurve curve = ToneCurve.SRGB;
    if (chunks.containsKey("gAMA")) {
      int gamma = file.big32(chunks.get("gAMA") + 8);
      if (gamma > 0 && Math.abs(gamma - GAMMA_OF_SRGB) > 5) {
        curve = ToneCurve.gamma(UNIT / gamma);
      }
    }
    Primaries primaries = Primaries.SRGB;
    if (chunks.containsKey("cHRM")) {
      Primaries said = chromaticities(chunks.get("cHRM") + 8);
      primaries = said.areSound() ? said : primaries;
    }
    return ColorConversion.of(primaries, curve, curve, curve);
  }

  /** They are stored white first. */
  private Primaries chromaticities(long at) throws UndecodableImageException {
    double[] xy = new double[8];
    for (int i = 0; i < xy.length; i++) {
      xy[(i + 6) % xy.length] = file.big32(at + 4L * i) / UNIT;
    }
    return Primaries.ofChromaticities(xy);
  }
}
