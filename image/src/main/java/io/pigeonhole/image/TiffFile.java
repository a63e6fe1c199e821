package io.pigeonhole.image;

import java.util.Set;

/**
 * A TIFF (TIFF 6.0) or BigTIFF of grey, palette, RGB, YCbCr, CMYK or CIELab pixels; its first page.
 * Only the fields that pixels are made of are handed on, after their lengths have been checked: no
 * metadata, no other page.
 */
record TiffFile(FileBytes file, TiffFields fields, int width, int height) implements ImageFile {
  private static final Set<Integer> COMPRESSIONS =
      Set.of(
          TiffTags.UNCOMPRESSED,
          TiffTags.CCITT_RLE,
          TiffTags.CCITT_T4,
          TiffTags.CCITT_T6,
          TiffTags.LZW,
          TiffTags.OLD_JPEG,
          TiffTags.JPEG,
          TiffTags.ADOBE_DEFLATE,
          TiffTags.DEFLATE,
          TiffTags.PACK_BITS,
          TiffTags.WEBP);

  private static final int MAX_SAMPLES = 8;
  private static final int MAX_BITS = 64;
  private static final int SMALL_TILE = 1 << 20;
  // a pixel of fewer bits is decoded to a byte
  private static final int LEAST_BYTES = 8;

  static boolean isTiff(FileBytes file) {
    return TiffFields.begin(file);
  }

  static TiffFile read(byte[] bytes, ImageLimits limits) throws UndecodableImageException {
    FileBytes file = new FileBytes("TIFF", bytes);
    TiffFields fields = TiffFields.read(file, TiffTags.READ);
    TiffFile tiff =
        new TiffFile(
            file, fields, fields.value(TiffTags.WIDTH, 0), fields.value(TiffTags.HEIGHT, 0));
    limits.requireSize(file, tiff.width, tiff.height);
    tiff.requireKnown();
    tiff.requireTiles();
    tiff.requireData();
    return tiff;
  }

  private void requireKnown() throws UndecodableImageException {
    int compression = fields.value(TiffTags.COMPRESSION, TiffTags.UNCOMPRESSED);
    if (!COMPRESSIONS.contains(compression)) {
      throw file.unsupported("compression %d is not decoded", compression);
    }
    TiffSamples.of(file, fields);
    int samples = fields.samples();
    if (samples < 1 || samples > MAX_SAMPLES) {
      throw file.corrupt("1 to %d samples were expected, not %d", MAX_SAMPLES, samples);
    }
    for (int i = 0; i < Math.min(samples, fields.count(TiffTags.BITS)); i++) {
      int bits = fields.value(TiffTags.BITS, i, 1);
      if (bits > MAX_BITS) {
        throw file.corrupt("samples of 1 to %d bits were expected, not %d", MAX_BITS, bits);
      }
    }
  }

  /** A tile may be larger than the image, but not by much. */
  private void requireTiles() throws UndecodableImageException {
    if (tilePixels() < 1 || tilePixels() > 4L * width * height + SMALL_TILE) {
      throw file.corrupt("tiles of %d pixels do not fit it", tilePixels());
    }
  }

  private long tilePixels() throws UndecodableImageException {
    return (long) fields.value(TiffTags.TILE_WIDTH, 1) * fields.value(TiffTags.TILE_HEIGHT, 1);
  }

  /** All strips or tiles must be there, in the file. */
  private void requireData() throws UndecodableImageException {
    boolean tiled = fields.has(TiffTags.TILE_WIDTH);
    int offsets = tiled ? TiffTags.TILE_OFFSETS : TiffTags.STRIP_OFFSETS;
    int lengths = tiled ? TiffTags.TILE_LENGTHS : TiffTags.STRIP_LENGTHS;
    // where no lengths are said, each ends where its pixels do
    boolean said = fields.has(lengths);
    if (!fields.has(offsets) || (said && fields.count(offsets) != fields.count(lengths))) {
      throw file.corrupt("it does not say where its pixels are");
    }
    long all = 0;
    for (int i = 0; i < fields.count(offsets); i++) {
      int length = fields.value(lengths, i, 1);
      file.require(fields.value(offsets, i, 0), length);
      all += length;
    }
    // what overlaps is read again and again
    if (all > 2L * file.length()) {
      throw file.corrupt("its pixels overlap");
    }
  }

  @Override
  public Orientation orientation() {
    try {
      return Orientation.of(fields.value(TiffTags.ORIENTATION, 1));
    } catch (UndecodableImageException e) {
      return Orientation.UPRIGHT;
    }
  }

  @Override
  public ColorConversion colors() throws UndecodableImageException {
    return TiffPhotometric.of(file, fields).isRgb() ? fields.profile() : ColorConversion.NONE;
  }

  @Override
  public Memory memory(Wanted wanted) throws UndecodableImageException {
    long reduced = Reduction.bytes(width, height, Reduction.divisor(width, height, wanted));
    // the image, its samples, and the strip or tile that is being read
    long pixels = (long) width * height + Math.max(SMALL_TILE, tilePixels());
    long bits = (long) fields.samples() * fields.value(TiffTags.BITS, 1);
    long heap = 2 * reduced + pixels * Math.max(LEAST_BYTES, bits / 8 * 3) + 2L * file.length();
    return new Memory(
        heap, TiffTiles.areIn(fields) ? TiffTiles.MOST_OUTSIDE * pixels + file.length() : 0);
  }

  @Override
  public Pixels decode(TensorFlowDecoder tensorFlow, Wanted wanted)
      throws UndecodableImageException {
    int divisor = Reduction.divisor(width, height, wanted);
    if (TiffTiles.areIn(fields)) {
      return new TiffTiles(file, fields, width, height).decode(tensorFlow, divisor);
    }
    byte[] essence = fields.withOnly(TiffTags.DECODED);
    return ImageIoDecoder.tiff(
        new FileBytes(file.format(), essence), TiffSamples.of(file, fields), divisor);
  }
}
