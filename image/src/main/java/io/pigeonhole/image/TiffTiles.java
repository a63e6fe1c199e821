package io.pigeonhole.image;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * Image files inside of TIFF: strips or tiles that are JPEGs each, with tables that they share
 * (technical note 2), or WebPs; or, in old files, one JPEG as a whole.
 */
final class TiffTiles {
  /** Bytes outside of the heap that a pixel takes at most: CMYK in several scans. */
  static final int MOST_OUTSIDE = 15;

  private static final int MAX_TILES = 20_000;
  // what a tile may have is compared with what it should
  private static final ImageLimits ANY = new ImageLimits(Long.MAX_VALUE, Long.MAX_VALUE);
  private static final byte[] START = {(byte) 0xff, (byte) 0xd8};
  // Adobe's marker: the colours are stored as they are
  private static final byte[] UNTRANSFORMED = {
    (byte) 0xff, (byte) 0xee, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0
  };

  private final FileBytes file;
  private final TiffFields fields;
  private final int width;
  private final int height;

  TiffTiles(FileBytes file, TiffFields fields, int width, int height) {
    this.file = file;
    this.fields = fields;
    this.width = width;
    this.height = height;
  }

  /** Whether a file's compression is that of a format of its own. */
  static boolean areIn(TiffFields fields) throws UndecodableImageException {
    int compression = fields.value(TiffTags.COMPRESSION, TiffTags.UNCOMPRESSED);
    return compression == TiffTags.JPEG
        || compression == TiffTags.OLD_JPEG
        || compression == TiffTags.WEBP;
  }

  Pixels decode(TensorFlowDecoder tensorFlow, int divisor) throws UndecodableImageException {
    Pixels pixels =
        fields.value(TiffTags.COMPRESSION, 0) == TiffTags.OLD_JPEG
            ? whole(tensorFlow)
            : tiled(tensorFlow);
    Reduction reduction = new Reduction(width, height, divisor);
    for (int y = 0; y < height; y++) {
      reduction.row(pixels.rgb(), 3 * width * y);
    }
    return reduction.pixels();
  }

  private Pixels whole(TensorFlowDecoder tensorFlow) throws UndecodableImageException {
    int start = fields.value(TiffTags.JPEG_START, 0);
    if (start <= 0 || !file.has(start, JpegFile.SIGNATURE)) {
      throw file.unsupported("its old kind of JPEG, in parts, is not decoded");
    }
    // lengths are often wrong, and strips may follow; the JPEG itself says where it ends
    FileBytes jpeg = file.slice(start, file.length() - start);
    Pixels pixels = decoded(tensorFlow, jpeg(jpeg), width, height);
    if (pixels.width() != width || pixels.height() != height) {
      throw file.corrupt(
          "a JPEG of %d x %d pixels was expected, found %d x %d",
          width, height, pixels.width(), pixels.height());
    }
    return pixels;
  }

  private Pixels tiled(TensorFlowDecoder tensorFlow) throws UndecodableImageException {
    boolean tiles = fields.has(TiffTags.TILE_WIDTH);
    int rows = Math.min(height, fields.value(TiffTags.ROWS_PER_STRIP, height));
    int tileWidth = tiles ? fields.value(TiffTags.TILE_WIDTH, width) : width;
    int tileHeight = tiles ? fields.value(TiffTags.TILE_HEIGHT, height) : Math.max(1, rows);
    int offsets = tiles ? TiffTags.TILE_OFFSETS : TiffTags.STRIP_OFFSETS;
    int lengths = tiles ? TiffTags.TILE_LENGTHS : TiffTags.STRIP_LENGTHS;
    int across = (width - 1) / tileWidth + 1;
    int down = (height - 1) / tileHeight + 1;
    requireTiles((long) across * down, fields.count(offsets));
    byte[] tables = tables();
    byte[] rgb = new byte[Math.multiplyExact(3 * width, height)];
    for (int i = 0; i < across * down; i++) {
      FileBytes tile = file.slice(fields.value(offsets, i, 0), fields.value(lengths, i, 0));
      Pixels pixels =
          fields.value(TiffTags.COMPRESSION, 0) == TiffTags.WEBP
              ? decoded(tensorFlow, webp(tile), tileWidth, tileHeight)
              : decoded(tensorFlow, jpeg(complete(tile, tables)), tileWidth, tileHeight);
      place(pixels, i % across * tileWidth, i / across * tileHeight, rgb);
    }
    return new Pixels(width, height, rgb);
  }

  private void requireTiles(long expected, int found) throws UndecodableImageException {
    if (fields.value(TiffTags.PLANAR, 1) != 1) {
      throw file.unsupported("JPEGs and WebPs of single planes are not decoded");
    } else if (expected > MAX_TILES) {
      throw file.unsupported("at most %d tiles were expected, not %d", MAX_TILES, expected);
    } else if (found < expected) {
      throw file.corrupt("%d tiles were expected, found %d", expected, found);
    }
  }

  /** The shared tables, without the markers around them. */
  private byte[] tables() {
    byte[] tables = fields.bytes(TiffTags.JPEG_TABLES);
    return tables.length < 4 ? new byte[0] : Arrays.copyOfRange(tables, 2, tables.length - 2);
  }

  /** A JPEG that needs nothing else, and says how its colours are stored. */
  private FileBytes complete(FileBytes tile, byte[] tables) throws UndecodableImageException {
    tile.require(0, START.length);
    ByteArrayOutputStream out = new ByteArrayOutputStream(tile.length() + tables.length + 20);
    out.writeBytes(START);
    if (TiffPhotometric.of(file, fields) == TiffPhotometric.RGB) {
      out.writeBytes(UNTRANSFORMED);
    }
    out.writeBytes(tables);
    out.write(tile.bytes(), 2, tile.length() - 2);
    return new FileBytes(file.format(), out.toByteArray());
  }

  private ImageFile jpeg(FileBytes tile) throws UndecodableImageException {
    if (!tile.has(0, JpegFile.SIGNATURE)) {
      throw file.corrupt("a JPEG was expected in it");
    }
    JpegFile jpeg = JpegFile.read(tile.bytes(), ANY);
    return TiffPhotometric.of(file, fields) == TiffPhotometric.CMYK ? jpeg.notInverted() : jpeg;
  }

  private ImageFile webp(FileBytes tile) throws UndecodableImageException {
    if (!WebpFile.isWebp(tile)) {
      throw file.corrupt("a WebP was expected in it");
    }
    return WebpFile.read(tile.bytes(), ANY);
  }

  private Pixels decoded(
      TensorFlowDecoder tensorFlow, ImageFile tile, int mostWidth, int mostHeight)
      throws UndecodableImageException {
    if (tile.width() > mostWidth || tile.height() > mostHeight) {
      throw file.corrupt(
          "up to %d x %d pixels were expected in a tile, found %d x %d",
          mostWidth, mostHeight, tile.width(), tile.height());
    }
    return tile.decode(tensorFlow, Wanted.ALL);
  }

  private void place(Pixels tile, int left, int top, byte[] rgb) {
    int columns = Math.min(tile.width(), width - left);
    for (int y = 0; y < Math.min(tile.height(), height - top); y++) {
      System.arraycopy(
          tile.rgb(), 3 * tile.width() * y, rgb, 3 * (width * (top + y) + left), 3 * columns);
    }
  }
}
