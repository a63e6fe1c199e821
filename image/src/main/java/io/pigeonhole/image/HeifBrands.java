package io.pigeonhole.image;

import java.util.Map;

/** Tells what a file is by the brands of its first box (ISO/IEC 14496-12, 4.3). */
final class HeifBrands {
  private static final Map<String, String> FORMATS =
      Map.ofEntries(
          Map.entry("avif", "AVIF"),
          Map.entry("avis", "AVIF"),
          Map.entry("heic", "HEIC"),
          Map.entry("heix", "HEIC"),
          Map.entry("heim", "HEIC"),
          Map.entry("heis", "HEIC"),
          Map.entry("hevc", "HEIC"),
          Map.entry("hevx", "HEIC"),
          Map.entry("hevm", "HEIC"),
          Map.entry("hevs", "HEIC"),
          Map.entry("mif1", "HEIF"),
          Map.entry("mif2", "HEIF"),
          Map.entry("mif3", "HEIF"),
          Map.entry("msf1", "HEIF"),
          Map.entry("miaf", "HEIF"),
          Map.entry("avci", "HEIF"),
          Map.entry("avcs", "HEIF"),
          Map.entry("jpeg", "HEIF"),
          Map.entry("jpgs", "HEIF"),
          Map.entry("j2ki", "HEIF"),
          Map.entry("vvic", "HEIF"),
          Map.entry("crx ", "CR3"));
  private static final int FIRST_COMPATIBLE = 16;

  private HeifBrands() {}

  /** The format by the first brand that is one of an image; empty if none is. */
  static String formatOf(FileBytes file) {
    String name = name(file, 8);
    int end = file.has(0, "\0\0") ? Math.min(file.length(), 4096) : 0;
    for (int at = FIRST_COMPATIBLE;
        name.isEmpty() && at + 4 <= Math.min(end, length(file));
        at += 4) {
      name = name(file, at);
    }
    return name;
  }

  private static int length(FileBytes file) {
    return (file.bytes()[2] & 0xff) << 8 | (file.bytes()[3] & 0xff);
  }

  private static String name(FileBytes file, int at) {
    for (Map.Entry<String, String> format : FORMATS.entrySet()) {
      if (file.has(at, format.getKey())) {
        return format.getValue();
      }
    }
    return "";
  }
}
