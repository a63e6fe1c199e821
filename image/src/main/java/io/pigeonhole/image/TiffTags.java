package io.pigeonhole.image;

import java.util.HashSet;
import java.util.Set;

/** Numbers of TIFF 6.0, its technical notes, and TIFF/EP. */
final class TiffTags {
  static final int WIDTH = 256;
  static final int HEIGHT = 257;
  static final int BITS = 258;
  static final int COMPRESSION = 259;
  static final int PHOTOMETRIC = 262;
  static final int STRIP_OFFSETS = 273;
  static final int ORIENTATION = 274;
  static final int SAMPLES = 277;
  static final int ROWS_PER_STRIP = 278;
  static final int STRIP_LENGTHS = 279;
  static final int PLANAR = 284;
  static final int TILE_WIDTH = 322;
  static final int TILE_HEIGHT = 323;
  static final int TILE_OFFSETS = 324;
  static final int TILE_LENGTHS = 325;
  static final int SUB_DIRECTORIES = 330;
  static final int EXTRA_SAMPLES = 338;
  static final int SAMPLE_FORMAT = 339;
  static final int JPEG_TABLES = 347;
  static final int JPEG_START = 513;
  static final int JPEG_LENGTH = 514;
  static final int DNG_VERSION = 50706;
  static final int PROFILE = 34675;

  static final int UNCOMPRESSED = 1;
  static final int CCITT_RLE = 2;
  static final int CCITT_T4 = 3;
  static final int CCITT_T6 = 4;
  static final int LZW = 5;
  static final int OLD_JPEG = 6;
  static final int JPEG = 7;
  static final int ADOBE_DEFLATE = 8;
  static final int DEFLATE = 32946;
  static final int PACK_BITS = 32773;
  static final int WEBP = 50001;

  /**
   * What the pixels that TwelveMonkeys decodes are made of: beside fields with names, the order of
   * bits, options of CCITT's, predictor, palette, and how colours are sampled and placed.
   */
  static final Set<Integer> DECODED =
      Set.of(
          WIDTH,
          HEIGHT,
          BITS,
          COMPRESSION,
          PHOTOMETRIC,
          266,
          STRIP_OFFSETS,
          SAMPLES,
          ROWS_PER_STRIP,
          STRIP_LENGTHS,
          PLANAR,
          292,
          293,
          317,
          320,
          TILE_WIDTH,
          TILE_HEIGHT,
          TILE_OFFSETS,
          TILE_LENGTHS,
          EXTRA_SAMPLES,
          SAMPLE_FORMAT,
          530,
          531);

  /** What is looked at before. */
  static final Set<Integer> READ = read();

  private TiffTags() {}

  private static Set<Integer> read() {
    Set<Integer> tags = new HashSet<>(Set.of(ORIENTATION, JPEG_TABLES, JPEG_START, PROFILE));
    tags.addAll(DECODED);
    return Set.copyOf(tags);
  }
}
