package io.pigeonhole.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The fields of a directory of a TIFF (TIFF 6.0) or BigTIFF, of those that are asked for. All their
 * values lie in the file.
 */
final class TiffFields {
  private static final int CLASSIC = 42;
  private static final int ENTRY = 12;
  private static final int BIG_ENTRY = 20;
  private static final int BYTE = 1;
  private static final int SHORT = 3;
  private static final int LONG = 4;
  private static final int UNDEFINED = 7;
  private static final int SUB_DIRECTORY = 13;
  private static final int LONG8 = 16;
  private static final Map<Integer, Integer> TYPE_BYTES =
      Map.of(BYTE, 1, SHORT, 2, LONG, 4, UNDEFINED, 1, SUB_DIRECTORY, 4, LONG8, 8);

  private record Field(int type, int count, long at) {
    int length() {
      return count * TYPE_BYTES.get(type);
    }
  }

  private final FileBytes file;
  private final boolean little;
  private final boolean big;
  private final Map<Integer, Field> fields = new HashMap<>();
  private long end;

  private TiffFields(FileBytes file) {
    this.file = file;
    this.little = file.has(0, "II");
    this.big = file.has(2, little ? "+\0" : "\0+");
  }

  /** Whether a file begins like one of the two kinds. */
  static boolean begin(FileBytes file) {
    return file.has(0, "II*\0")
        || file.has(0, "MM\0*")
        || file.has(0, "II+\0\10\0\0\0")
        || file.has(0, "MM\0+\0\10\0\0");
  }

  /** Those of the first page. */
  static TiffFields read(FileBytes file, Set<Integer> tags) throws UndecodableImageException {
    return readAt(file, first(file), tags);
  }

  /** Where the first directory is. */
  static long first(FileBytes file) throws UndecodableImageException {
    TiffFields fields = new TiffFields(file);
    return fields.big ? fields.u64(8) : fields.u32(4);
  }

  /** Those of the directory at a place. */
  static TiffFields readAt(FileBytes file, long directory, Set<Integer> tags)
      throws UndecodableImageException {
    TiffFields fields = new TiffFields(file);
    boolean big = fields.big;
    long count = big ? fields.u64(directory) : fields.u16(directory);
    long first = directory + (big ? 8 : 2);
    int size = big ? BIG_ENTRY : ENTRY;
    file.require(first, Math.multiplyExact(count, size));
    for (int i = 0; i < count; i++) {
      fields.readField(first + (long) size * i, tags);
    }
    fields.end = first + size * count;
    return fields;
  }

  /** Where the next directory is; 0 if there is none. */
  long next() throws UndecodableImageException {
    return big ? u64(end) : u32(end);
  }

  private void readField(long entry, Set<Integer> tags) throws UndecodableImageException {
    int tag = u16(entry);
    int type = u16(entry + 2);
    if (!tags.contains(tag) || !TYPE_BYTES.containsKey(type)) {
      return;
    }
    long count = big ? u64(entry + 4) : u32(entry + 4);
    long length = Math.multiplyExact(count, TYPE_BYTES.get(type));
    long at = entry + (big ? 12 : 8);
    if (length > (big ? 8 : 4)) {
      at = big ? u64(at) : u32(at);
    }
    file.require(at, length);
    fields.putIfAbsent(tag, new Field(type, (int) count, at));
  }

  boolean has(int tag) {
    return count(tag) > 0;
  }

  /** How many values a field has; 0 if it is not there. */
  int count(int tag) {
    Field field = fields.get(tag);
    return field == null ? 0 : field.count();
  }

  /** The first value of a field. */
  int value(int tag, int otherwise) throws UndecodableImageException {
    return has(tag) ? value(tag, 0, otherwise) : otherwise;
  }

  /** A value of a field; those that are no {@code int} are the largest one. */
  int value(int tag, int which, int otherwise) throws UndecodableImageException {
    if (which >= count(tag)) {
      return otherwise;
    }
    Field field = fields.get(tag);
    long value =
        switch (field.type()) {
          case SHORT -> u16(field.at() + 2L * which);
          case LONG, SUB_DIRECTORY -> u32(field.at() + 4L * which);
          case LONG8 -> u64(field.at() + 8L * which);
          default -> file.u8(field.at() + which);
        };
    return (int) Math.min(Integer.MAX_VALUE, value);
  }

  /** How many samples a pixel has; old files say so only by how many bits each has. */
  int samples() throws UndecodableImageException {
    return value(TiffTags.SAMPLES, Math.max(1, count(TiffTags.BITS)));
  }

  /** How the colours of the ICC profile become sRGB, if there is one. */
  ColorConversion profile() {
    Field field = fields.get(TiffTags.PROFILE);
    return field == null
        ? ColorConversion.NONE
        : IccProfile.conversion(file, field.at(), field.length());
  }

  /** The bytes of a field's values; none if it is not there. */
  byte[] bytes(int tag) {
    Field field = fields.get(tag);
    return field == null ? new byte[0] : file.slice(field.at(), field.length()).bytes();
  }

  /**
   * The file as a TIFF of 32 bits, with a directory of its own at its end that has these fields and
   * no successor.
   */
  byte[] withOnly(Set<Integer> tags) throws UndecodableImageException {
    List<Integer> kept = fields.keySet().stream().filter(tags::contains).sorted().toList();
    int directory = file.length() + (file.length() & 1);
    int more = directory + 2 + ENTRY * kept.size() + 4;
    int wide = kept.stream().map(fields::get).mapToInt(TiffFields::wideLength).sum();
    ByteBuffer out =
        ByteBuffer.allocate(more + wide)
            .order(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    out.put(file.bytes()).putShort(2, (short) CLASSIC).putInt(4, directory).position(directory);
    out.putShort((short) kept.size());
    for (int tag : kept) {
      Field field = fields.get(tag);
      out.putShort((short) tag);
      if (field.type() == LONG8) {
        more = putNarrowed(out, tag, more);
      } else {
        out.putShort((short) field.type()).putInt(field.count());
        putValues(out, field);
      }
    }
    return out.array();
  }

  private static int wideLength(Field field) {
    return field.type() == LONG8 && field.count() > 1 ? field.count() * 4 : 0;
  }

  private void putValues(ByteBuffer out, Field field) {
    if (field.length() <= 4) {
      out.put(file.bytes(), (int) field.at(), field.length());
      out.position(out.position() + 4 - field.length());
    } else {
      out.putInt((int) field.at());
    }
  }

  /** Puts a field of 64 bits as one of 32; its values where there is place for more. */
  private int putNarrowed(ByteBuffer out, int tag, int more) throws UndecodableImageException {
    int count = count(tag);
    out.putShort((short) LONG).putInt(count);
    if (count <= 1) {
      out.putInt(value(tag, 0));
      return more;
    }
    out.putInt(more);
    for (int i = 0; i < count; i++) {
      out.putInt(more + 4 * i, value(tag, i, 0));
    }
    return more + 4 * count;
  }

  private int u16(long at) throws UndecodableImageException {
    return little ? file.little16(at) : file.big16(at);
  }

  private long u32(long at) throws UndecodableImageException {
    return (little ? file.little32(at) : file.big32(at)) & 0xffffffffL;
  }

  /** Nothing that is larger than a file can be meant. */
  private long u64(long at) throws UndecodableImageException {
    long low = u32(little ? at : at + 4);
    long high = u32(little ? at + 4 : at);
    return high == 0 ? low : Integer.MAX_VALUE;
  }
}
