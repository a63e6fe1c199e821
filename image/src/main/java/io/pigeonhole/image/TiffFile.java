package io.pigeonhole.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * A TIFF (TIFF 6.0) of grey, palette or RGB pixels of up to 16 bits; its first page. Only the
 * fields that pixels are made of are handed on, after their lengths have been checked: no profile,
 * no metadata, no other page.
 *
 * @param fields of the first page, by tag
 */
record TiffFile(FileBytes file, boolean little, Map<Integer, Field> fields, int width, int height)
    implements ImageFile {
  private static final int WIDTH = 256;
  private static final int HEIGHT = 257;
  private static final int BITS = 258;
  private static final int COMPRESSION = 259;
  private static final int PHOTOMETRIC = 262;
  private static final int SAMPLES = 277;
  private static final int STRIP_OFFSETS = 273;
  private static final int STRIP_LENGTHS = 279;
  private static final int TILE_WIDTH = 322;
  private static final int TILE_HEIGHT = 323;
  private static final int TILE_OFFSETS = 324;
  private static final int TILE_LENGTHS = 325;
  private static final int SAMPLE_FORMAT = 339;

  /**
   * Beside those with names: order of bits, rows of a strip, planes, options of CCITT's, predictor,
   * palette, and what further samples mean.
   */
  private static final Set<Integer> KEPT =
      Set.of(
          WIDTH,
          HEIGHT,
          BITS,
          COMPRESSION,
          PHOTOMETRIC,
          266,
          STRIP_OFFSETS,
          SAMPLES,
          278,
          STRIP_LENGTHS,
          284,
          292,
          293,
          317,
          320,
          TILE_WIDTH,
          TILE_HEIGHT,
          TILE_OFFSETS,
          TILE_LENGTHS,
          338,
          SAMPLE_FORMAT);

  /** None, CCITT's three, LZW, Deflate under both of its numbers, PackBits. */
  private static final Set<Integer> COMPRESSIONS = Set.of(1, 2, 3, 4, 5, 8, 32946, 32773);

  /** Grey from white or from black on, RGB, palette. */
  private static final Set<Integer> PHOTOMETRICS = Set.of(0, 1, 2, 3);

  private static final Map<Integer, Integer> TYPE_BYTES = Map.of(1, 1, 3, 2, 4, 4);

  private static final int MAX_SAMPLES = 8;
  private static final int MAX_BITS = 16;
  private static final int ENTRY = 12;

  /** A field: its type's number, how many values it has, and where they are. */
  record Field(int type, int count, long at, long entry) {}

  static boolean isTiff(FileBytes file) {
    return file.has(0, "II*\0") || file.has(0, "MM\0*");
  }

  static TiffFile read(byte[] bytes, ImageLimits limits) throws UndecodableImageException {
    FileBytes file = new FileBytes("TIFF", bytes);
    boolean little = file.has(0, "II");
    TiffFile empty = new TiffFile(file, little, Map.of(), 0, 0);
    Map<Integer, Field> fields = empty.readFields();
    TiffFile unsized = new TiffFile(file, little, fields, 0, 0);
    TiffFile tiff =
        new TiffFile(file, little, fields, unsized.value(WIDTH, 0), unsized.value(HEIGHT, 0));
    limits.requireSize(file, tiff.width, tiff.height);
    tiff.requireKnown();
    tiff.requireTiles();
    tiff.requireData();
    return tiff;
  }

  private Map<Integer, Field> readFields() throws UndecodableImageException {
    long directory = u32(4);
    int count = u16(directory);
    file.require(directory + 2, (long) ENTRY * count);
    Map<Integer, Field> read = new HashMap<>();
    for (int i = 0; i < count; i++) {
      long entry = directory + 2 + (long) ENTRY * i;
      int tag = u16(entry);
      int type = u16(entry + 2);
      if (KEPT.contains(tag) && TYPE_BYTES.containsKey(type)) {
        long length = u32(entry + 4) * TYPE_BYTES.get(type);
        long at = length <= 4 ? entry + 8 : u32(entry + 8);
        file.require(at, length);
        read.putIfAbsent(tag, new Field(type, (int) u32(entry + 4), at, entry));
      }
    }
    return read;
  }

  /** The first value of a field. */
  private int value(int tag, int otherwise) throws UndecodableImageException {
    Field field = fields.get(tag);
    return field == null || field.count() == 0 ? otherwise : value(field, 0);
  }

  private int value(Field field, int which) throws UndecodableImageException {
    long value =
        switch (field.type()) {
          case 1 -> file.u8(field.at() + which);
          case 3 -> u16(field.at() + 2L * which);
          default -> u32(field.at() + 4L * which);
        };
    return (int) Math.min(Integer.MAX_VALUE, value);
  }

  private void requireKnown() throws UndecodableImageException {
    requireOneOf(COMPRESSIONS, COMPRESSION, 1, "compression");
    requireOneOf(PHOTOMETRICS, PHOTOMETRIC, -1, "photometric interpretation");
    if (value(SAMPLES, 1) > MAX_SAMPLES || value(SAMPLES, 1) < 1) {
      throw file.corrupt("1 to %d samples were expected, not %d", MAX_SAMPLES, value(SAMPLES, 1));
    }
    Field bits = fields.get(BITS);
    for (int i = 0; bits != null && i < Math.min(bits.count(), MAX_SAMPLES); i++) {
      if (value(bits, i) > MAX_BITS) {
        throw file.unsupported("samples of %d bits are not decoded", value(bits, i));
      }
    }
    if (value(SAMPLE_FORMAT, 1) > 1) {
      throw file.unsupported("samples that are no positive integers are not decoded");
    }
  }

  private void requireOneOf(Set<Integer> known, int tag, int otherwise, String what)
      throws UndecodableImageException {
    int value = value(tag, otherwise);
    if (!known.contains(value)) {
      throw file.unsupported("%s %d is not decoded", what, value);
    }
  }

  /** A tile may be larger than the image, but not by much. */
  private void requireTiles() throws UndecodableImageException {
    long tile = (long) value(TILE_WIDTH, 1) * value(TILE_HEIGHT, 1);
    if (tile < 1 || tile > 4L * width * height + (1 << 20)) {
      throw file.corrupt(
          "tiles of %d x %d pixels do not fit it", value(TILE_WIDTH, 1), value(TILE_HEIGHT, 1));
    }
  }

  /** All strips or tiles must be there, in the file. */
  private void requireData() throws UndecodableImageException {
    boolean tiled = fields.containsKey(TILE_WIDTH);
    Field offsets = fields.get(tiled ? TILE_OFFSETS : STRIP_OFFSETS);
    Field lengths = fields.get(tiled ? TILE_LENGTHS : STRIP_LENGTHS);
    if (offsets == null || lengths == null || offsets.count() != lengths.count()) {
      throw file.corrupt("it does not say where its pixels are");
    }
    long all = 0;
    for (int i = 0; i < offsets.count(); i++) {
      file.require(value(offsets, i), value(lengths, i));
      all += value(lengths, i);
    }
    // what overlaps is read again and again
    if (all > 2L * file.length()) {
      throw file.corrupt("its pixels overlap");
    }
  }

  @Override
  public Orientation orientation() {
    return Exif.orientation(file, 0);
  }

  @Override
  public Memory memory(Wanted wanted) {
    long reduced = Reduction.bytes(width, height, Reduction.divisor(width, height, wanted));
    // the image, and the strip or tile that is being read: each up to all samples in 16 bits
    long pixels = (long) width * height + (1 << 20);
    return new Memory(2 * reduced + pixels * 4 * MAX_SAMPLES + 2L * file.length(), 0);
  }

  @Override
  public Pixels decode(TensorFlowDecoder tensorFlow, Wanted wanted)
      throws UndecodableImageException {
    return ImageIoDecoder.decode(
        ImageIoDecoder.Format.TIFF,
        new FileBytes("TIFF", essence()),
        Reduction.divisor(width, height, wanted));
  }

  /** The file with a directory of its own at its end, which has these fields and no successor. */
  private byte[] essence() {
    byte[] bytes = file.bytes();
    int directory = bytes.length + (bytes.length & 1);
    ByteBuffer out =
        ByteBuffer.allocate(directory + 2 + ENTRY * fields.size() + 4)
            .order(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    out.put(bytes).putInt(4, directory).position(directory);
    out.putShort((short) fields.size());
    fields.keySet().stream()
        .sorted()
        .forEach(tag -> out.put(bytes, (int) fields.get(tag).entry(), ENTRY));
    return out.array();
  }

  private int u16(long at) throws UndecodableImageException {
    return little ? file.little16(at) : file.big16(at);
  }

  private long u32(long at) throws UndecodableImageException {
    return (little ? file.little32(at) : file.big32(at)) & 0xffffffffL;
  }
}
